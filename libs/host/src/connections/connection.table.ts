import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientConnection } from './client.connection.ts';

/** The open connections, and the sums of their requests. */
export class ConnectionTable {
  private readonly bySocket = new Map<Socket, ClientConnection>();
  /** Those over the limit, the oldest first. */
  private readonly guests = new Set<ClientConnection>();
  private startedCount = 0;
  private waitingCount = 0;
  private unreadCount = 0;

  get size(): number {
    return this.bySocket.size;
  }

  /** How many connections are open, without those over the limit. */
  get residents(): number {
    return this.bySocket.size - this.guests.size;
  }

  get guestCount(): number {
    return this.guests.size;
  }

  get requests(): number {
    return this.startedCount + this.waitingCount;
  }

  get waiting(): number {
    return this.waitingCount;
  }

  /** How many requests the application works on. Those whose answers were complete at the last `countUnread` do not count. */
  get workedOn(): number {
    return this.startedCount - this.unreadCount;
  }

  get(socket: Socket): ClientConnection | undefined {
    return this.bySocket.get(socket);
  }

  values(): Iterable<ClientConnection> {
    return this.bySocket.values();
  }

  add(connection: ClientConnection): void {
    this.bySocket.set(connection.socket, connection);
    if (connection.isGuest) this.guests.add(connection);
  }

  remove(connection: ClientConnection): void {
    if (!this.bySocket.delete(connection.socket)) return;
    connection.isGone = true;
    this.guests.delete(connection);
    this.startedCount -= connection.started;
    this.waitingCount -= connection.waiting;
    this.unreadCount -= connection.unread;
  }

  /** Counts a request that waits. */
  countWaiting(): void {
    this.waitingCount += 1;
  }

  /** Counts a request that waited as started. */
  countStarted(): void {
    this.startedCount += 1;
    this.waitingCount -= 1;
  }

  /** Forgets requests that waited and are not answered. */
  dropWaiting(count: number): void {
    this.waitingCount -= count;
  }

  /** Takes a request out that is answered. Returns its connection, if it is open. */
  answered(response: ServerResponse, now: number): ClientConnection | undefined {
    const connection = this.bySocket.get(response.req.socket);
    if (!connection) return undefined;
    const { unread } = connection;
    if (connection.remove(response, now)) this.startedCount -= 1;
    else this.waitingCount -= 1;
    this.unreadCount -= unread - connection.unread;
    return connection;
  }

  countUnread(): void {
    let unread = 0;
    for (const connection of this.bySocket.values()) unread += connection.countUnread();
    this.unreadCount = unread;
  }

  /** The guest that has to go for a new one: the oldest that has sent nothing, or else the oldest without a request. */
  get nextGuestToGo(): ClientConnection | undefined {
    let idle: ClientConnection | undefined;
    for (const guest of this.guests) {
      if (guest.socket.bytesRead === 0) return guest;
      if (!idle && guest.isIdle) idle = guest;
    }
    return idle;
  }
}
