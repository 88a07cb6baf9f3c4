import { CausalMemory } from './causal.memory.ts';
import type { Users } from './conversation.api.ts';
import { DeliveryBox } from './delivery.box.ts';
import { LiveReader } from './live.reader.ts';
import { OrdersReader } from './orders.reader.ts';

/** One user at this page: what the user has seen, reads and sends. */
export interface Side {
  me: string;
  other: string;
  seen: CausalMemory;
  reader: LiveReader;
  deliveries: DeliveryBox;
}

/** A conversation that both users have open. Each has a token of its own, so neither knows what only the other has seen. */
export class ConversationSession {
  readonly sides: readonly [Side, Side];
  readonly orders: OrdersReader;
  private abort = new AbortController();

  constructor(users: Users) {
    const [one, other] = users;
    this.sides = [this.sideOf(users, one, other), this.sideOf(users, other, one)];
    this.orders = new OrdersReader(users, this);
  }

  /** Ends with the session: every call of it takes this. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** @returns how to end it; it may be started again */
  start(): () => void {
    const abort = new AbortController();
    this.abort = abort;
    for (const { reader } of this.sides) void reader.run(abort.signal);
    return () => abort.abort();
  }

  private sideOf(users: Users, me: string, other: string): Side {
    const seen = new CausalMemory();
    const reader = new LiveReader(users, seen);
    const deliveries = new DeliveryBox({ fromUser: me, toUser: other }, seen);
    let { window: shown } = reader.state.value;
    reader.state.subscribe(() => {
      const { window } = reader.state.value;
      if (window === shown) return;
      deliveries.markRead(shown.messages);
      shown = window;
      this.orders.refresh(...this.sides.map((side) => side.seen));
    });
    return { me, other, seen, reader, deliveries };
  }
}
