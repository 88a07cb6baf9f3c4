import { monotonicNow } from '@wiber/resilience';
import type { ClientConnection } from './client.connection.ts';
import { TimeShare } from './time.share.ts';

/** How many requests are started before other events of the process get their turn. */
const STARTS_AT_ONCE = 32;
/** How long the starts may take before other events of the process get their turn, in milliseconds. */
const TURN_MS = 2;

/**
 * Starts the requests that wait: one of each connection in turn, and few between two turns of the event loop. A request that
 * waits only for its turn comes before those that wait behind others of their connection. Those share one part in 25 of the time,
 * and have all of it while there is no other work. So clients that send many requests at once keep nobody else waiting.
 */
export class RequestTurns {
  private readonly startNext: (connection: ClientConnection) => boolean;
  private readonly share: Pick<TimeShare, 'begin' | 'end'>;
  private readonly first: ClientConnection[] = [];
  private readonly behind: ClientConnection[] = [];
  private isScheduled = false;
  private startedBehind = 0;

  /** @param startNext starts one waiting request of the connection; false when none may start now */
  constructor(
    startNext: (connection: ClientConnection) => boolean,
    share: Pick<TimeShare, 'begin' | 'end'> = new TimeShare(),
  ) {
    this.startNext = startNext;
    this.share = share;
  }

  /** @param isFirst its request waits only for a turn, not behind others of the connection */
  add(connection: ClientConnection, isFirst = false): void {
    if (connection.isInTurn) return;
    connection.isInTurn = true;
    (isFirst ? this.first : this.behind).push(connection);
    this.schedule();
  }

  /** True while a request of another connection waits for a turn. */
  hasOthersThan({ isInTurn }: ClientConnection): boolean {
    return this.first.length + this.behind.length > (isInTurn ? 1 : 0);
  }

  /** Three immediates of one turn: Node runs the promises of what one has started before the next. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.startSome(this.first, STARTS_AT_ONCE));
    setImmediate(() => (this.startedBehind = this.startSome(this.behind, this.share.begin())));
    setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    this.isScheduled = false;
    this.share.end(this.startedBehind);
    if (this.first.length + this.behind.length > 0) this.schedule();
  }

  /** Returns for how many connections it tried to start a request. */
  private startSome(queue: ClientConnection[], atMost: number): number {
    const until = monotonicNow() + TURN_MS;
    let tried = 0;
    while (tried < atMost && queue.length > 0 && (tried === 0 || monotonicNow() < until)) {
      const connection = queue.shift()!;
      tried += 1;
      connection.isInTurn = false;
      if (this.startNext(connection)) this.add(connection);
    }
    return tried;
  }
}
