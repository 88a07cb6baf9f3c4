import type { Message, MessageTrace, TraceState } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import type { ApiProblem } from '../api/api.problem.ts';
import { asProblem } from '../api/use.request.ts';
import { Store } from '../state/value.store.ts';
import type { CausalMemory } from './causal.memory.ts';
import {
  afterAnswer,
  asRetry,
  isSettled,
  type Delivery,
  type DeliveryState,
  type SendAnswer,
} from './delivery.state.ts';
import { pauseWhileVisible } from './visible.pause.ts';

/** The most sends that the page remembers of one user; settled ones go first. */
const KEPT = 50;
const FATE_ASKED_MAX = 60;
const AGAIN_MS = 500;
const WAIT = { Prefer: 'wait=5' };

/** What the trace of a message says of its delivery; of a pending one nothing new. */
const FATE: Readonly<Record<TraceState, DeliveryState | undefined>> = {
  pending: undefined,
  stored: 'stored',
  dead_lettered: 'dead_lettered',
  replayed: undefined,
  discarded: 'dead_lettered',
};

/** What one user sends from this page: each message from the click to its fate. */
export class DeliveryBox {
  readonly state = new Store<readonly Delivery[]>([]);
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly users: { fromUser: string; toUser: string },
    private readonly seen: CausalMemory,
  ) {}

  /** Of two messages the first is answered before the second leaves: else the log might have them the other way round. */
  send(content: string, signal: AbortSignal): Promise<Delivery> {
    const delivery: Delivery = { key: newKey(), ...this.users, content, state: 'sending', attempts: 1 };
    this.state.set([...keepRoom(this.state.value), delivery]);
    const turn = this.last.then(() => this.attempt(delivery, signal));
    this.last = turn;
    return turn;
  }

  async retry(key: string, signal: AbortSignal): Promise<void> {
    const found = this.state.value.find((one) => one.key === key);
    if (!found) return;
    const again = asRetry(found);
    this.replace({ ...again, state: 'sending' });
    // The state before tells that an outcome is unknown already.
    await this.attempt(again, signal);
  }

  dismiss(key: string): void {
    this.state.set(this.state.value.filter((one) => one.key !== key));
  }

  /** Remembers which sends the conversation has shown: it keeps its messages only for a while. */
  markRead(messages: readonly Message[]): void {
    if (this.state.value.every(({ isRead }) => isRead)) return;
    const read = new Set(messages.map(({ messageId }) => messageId));
    const isNew = ({ messageId, isRead }: Delivery): boolean =>
      !isRead && messageId !== undefined && read.has(messageId);
    if (!this.state.value.some(isNew)) return;
    this.state.set(this.state.value.map((one) => (isNew(one) ? { ...one, isRead: true } : one)));
  }

  private async attempt(delivery: Delivery, signal: AbortSignal): Promise<Delivery> {
    const after = afterAnswer(delivery, await this.post(delivery, signal));
    this.replace(after);
    if (after.state === 'accepted') void this.follow(after, signal);
    return after;
  }

  private async post({ key, fromUser, toUser, content }: Delivery, signal: AbortSignal): Promise<SendAnswer> {
    const headers = { ...WAIT, ...this.seen.headers, 'Idempotency-Key': key };
    try {
      const body = { fromUser, toUser, content };
      const answer = await callApi<Message>({ method: 'POST', path: '/messages', headers, body, signal });
      this.seen.take(answer.headers);
      const { messageId, lamport } = answer.data;
      const location = answer.headers.get('Location') ?? undefined;
      const isDeadLettered = answer.headers.get('Message-State') === 'dead-lettered';
      return { type: 'taken', status: answer.status, messageId, lamport, location, isDeadLettered };
    } catch (error) {
      return this.refusalOf(asProblem(error));
    }
  }

  private refusalOf(problem: ApiProblem): SendAnswer {
    const { code, message: detail, correlationId, errors, status } = problem;
    const refusal = { code, detail, correlationId, errors };
    // A gateway whose store was made anew refuses the token of before; the next send goes without it.
    if (code === 'lamport_ahead' || code === 'causal_token_ahead') this.seen.forget();
    if (status === undefined || code === 'unreadable_answer') return { type: 'lost', refusal };
    const isRetryable = status >= 500 || status === 408 || code === 'lamport_ahead' || code === 'causal_token_ahead';
    return { type: 'refused', refusal, isRetryable };
  }

  /** Asks for the trace of an accepted message until its fate is known. */
  private async follow(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { location } = delivery;
    if (location === undefined) return;
    const path = location.replace(/(?=\?|$)/, '/trace');
    for (let asked = 0; asked < FATE_ASKED_MAX && !signal.aborted; asked += 1) {
      try {
        const { data, headers } = await callApi<MessageTrace>({ path, headers: this.seen.headers, signal });
        this.seen.take(headers);
        const state = FATE[data.state];
        if (state !== undefined) return this.replace({ ...delivery, state });
        await pauseWhileVisible(AGAIN_MS, signal);
      } catch (error) {
        await pauseWhileVisible((asProblem(error).retryAfterS ?? 1) * 1000, signal);
      }
    }
  }

  private replace(delivery: Delivery): void {
    const after = ({ isRead }: Delivery): Delivery => (isRead ? { ...delivery, isRead } : delivery);
    this.state.set(this.state.value.map((one) => (one.key === delivery.key ? after(one) : one)));
  }
}

const keepRoom = (kept: readonly Delivery[]): readonly Delivery[] => {
  if (kept.length < KEPT) return kept;
  const oldest = kept.find(isSettled) ?? kept[0];
  return kept.filter((one) => one !== oldest);
};

/** Random for each message. Pages without TLS have no crypto.randomUUID. */
const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};
