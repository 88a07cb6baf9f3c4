import { monotonicNow, oncePerTurn } from '@wiber/resilience';
import type { ClientConnection } from './client.connection.ts';

/** How many requests of one queue are started before other events of the process get their turn. */
const STARTS_AT_ONCE = 32;
/** How long one queue may take before other events of the process get their turn, in milliseconds. */
const TURN_MS = 2;

/**
 * Starts the requests that wait: one of each connection in turn, and few between two turns of the event loop. So clients that
 * send many requests at once keep nobody else waiting. A request that waits only for its turn comes before those that wait
 * behind others of their connection.
 */
export class RequestTurns {
  private readonly startNext: (connection: ClientConnection) => boolean;
  private readonly first: ClientConnection[] = [];
  private readonly behind: ClientConnection[] = [];
  private readonly schedule = oncePerTurn(() => this.run());

  /** @param startNext starts one waiting request of the connection; false when none may start now */
  constructor(startNext: (connection: ClientConnection) => boolean) {
    this.startNext = startNext;
  }

  /** @param isFirst its request waits only for a turn, not behind others of the connection */
  add(connection: ClientConnection, isFirst = false): void {
    if (connection.isInTurn) return;
    connection.isInTurn = true;
    (isFirst ? this.first : this.behind).push(connection);
    this.schedule();
  }

  private run(): void {
    this.runSome(this.first);
    this.runSome(this.behind);
    if (this.first.length + this.behind.length > 0) this.schedule();
  }

  private runSome(queue: ClientConnection[]): void {
    const until = monotonicNow() + TURN_MS;
    const turn = queue.splice(0, STARTS_AT_ONCE);
    let place = 0;
    for (; place < turn.length && (place === 0 || monotonicNow() < until); place += 1) {
      const connection = turn[place]!;
      connection.isInTurn = false;
      if (this.startNext(connection)) this.add(connection);
    }
    if (place < turn.length) queue.unshift(...turn.slice(place));
  }
}
