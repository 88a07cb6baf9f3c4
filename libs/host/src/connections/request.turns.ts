import { oncePerTurn } from '@wiber/resilience';
import type { ClientConnection } from './client.connection.ts';

/** How many waiting requests are started before other events of the process get their turn. */
const STARTS_AT_ONCE = 32;

/**
 * Starts the requests that wait behind others of their connection: one of each connection in turn, and few between two
 * turns of the event loop. So a client that sends many requests at once keeps nobody else waiting.
 */
export class RequestTurns {
  private readonly startNext: (connection: ClientConnection) => boolean;
  private readonly queue: ClientConnection[] = [];
  private readonly schedule = oncePerTurn(() => this.run());

  /** @param startNext starts one waiting request of the connection; false when none may start now */
  constructor(startNext: (connection: ClientConnection) => boolean) {
    this.startNext = startNext;
  }

  add(connection: ClientConnection): void {
    if (connection.isInTurn) return;
    connection.isInTurn = true;
    this.queue.push(connection);
    this.schedule();
  }

  private run(): void {
    const turn = this.queue.splice(0, STARTS_AT_ONCE);
    for (const connection of turn) {
      connection.isInTurn = false;
      if (this.startNext(connection)) this.add(connection);
    }
    if (this.queue.length > 0) this.schedule();
  }
}
