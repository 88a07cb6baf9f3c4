import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a connection whose last answer is written may stay open, so that the client can read it, in milliseconds. */
const LINGER_MS = 1000;

/** One connection of a client, and its requests that are not answered completely. All times are monotonic milliseconds. */
export class ClientConnection {
  readonly socket: Socket;
  /** It came over the limit of connections: only liveness is answered. */
  readonly isGuest: boolean;
  /** When it was opened, or when its last request was answered. */
  idleSince: number;
  /** It has a place among the connections whose waiting requests are started next. */
  isInTurn = false;
  /** Closed, or about to be: no request of it is started any more. */
  isGone = false;
  /** The answer that says `Connection: close`. No request after it is worked on. */
  private last: ServerResponse | undefined;
  /** In the order of the requests, which is that of the answers (RFC 9112, section 9.3.2). */
  private readonly pending: ServerResponse[] = [];
  /** The first so many of `pending` were started. */
  private startedCount = 0;
  private flushed: ServerResponse | undefined;
  private flushedSince = 0;
  private endedSince: number | undefined;
  private bytesRead = -1;
  private isPaused = false;

  constructor(socket: Socket, { now, isGuest }: { now: number; isGuest: boolean }) {
    this.socket = socket;
    this.isGuest = isGuest;
    this.idleSince = now;
    // Node resumes reading when it reads the body of a request or drops it. While requests wait, nothing more is read.
    socket.on('resume', () => {
      if (this.isPaused) socket.pause();
    });
  }

  get isIdle(): boolean {
    return this.pending.length === 0;
  }

  /** How many requests the application works on, or the client has not taken the answers of. */
  get started(): number {
    return this.startedCount;
  }

  get waiting(): number {
    return this.pending.length - this.startedCount;
  }

  /** Adds a request. When it must wait for others, nothing more is read from the connection. */
  add(response: ServerResponse): void {
    if (this.pending.push(response) === 1 || this.isPaused) return;
    this.isPaused = true;
    this.socket.pause();
  }

  /** Counts the next waiting request as started and returns it; undefined when none may start. */
  startNext(atOnce: number): ServerResponse | undefined {
    if (this.isGone || this.startedCount >= atOnce || this.waiting === 0) return undefined;
    this.startedCount += 1;
    if (this.isPaused && this.waiting === 0) {
      this.isPaused = false;
      this.socket.resume();
    }
    return this.pending[this.startedCount - 1];
  }

  /**
   * Called once an answer is taken by the client's side, or its connection is gone. Returns whether the request had been
   * started.
   */
  remove(response: ServerResponse, now: number): boolean {
    this.idleSince = now;
    // Answers are taken in their order. Any other is one that its handler destroyed.
    if (this.pending[0] === response) this.pending.shift();
    else this.pending.splice(this.pending.indexOf(response), 1);
    const wasStarted = this.startedCount > 0;
    if (wasStarted) this.startedCount -= 1;
    return wasStarted;
  }

  /**
   * Makes an answer the last one of the connection: by default the last pending one, if its head can still be changed.
   * False when an earlier answer has said so: the client repeats what it sent after it (RFC 9112, section 9.6).
   */
  endWith(response = this.pending.at(-1)): boolean {
    if (this.last?.headersSent) return false;
    this.last?.removeHeader('Connection');
    if (response && !response.headersSent) {
      response.setHeader('Connection', 'close');
      this.last = response;
    }
    return true;
  }

  get saidClose(): boolean {
    return this.last?.headersSent ?? false;
  }

  /** The size of the answers that wait for the client to take them, in characters or bytes. */
  get answerSize(): number {
    let size = 0;
    for (let i = 0; i < this.startedCount; i += 1) size += this.pending[i]!.writableLength;
    return size;
  }

  /** True when the client has not taken the whole answer `withinMs` after the guard first saw its head written. */
  isReadTooSlowly(now: number, withinMs: number): boolean {
    const [head] = this.pending;
    if (!head?.headersSent) return false;
    if (head !== this.flushed) {
      this.flushed = head;
      this.flushedSince = now;
    }
    return now - this.flushedSince > withinMs;
  }

  /** True when our side is closed and the client has kept its own open. */
  isLeftOpen(now: number): boolean {
    if (!this.socket.writableEnded) return false;
    this.endedSince ??= now;
    return now - this.endedSince > LINGER_MS;
  }

  /** True when it waits for nothing and no byte has come since the last call. */
  isSilent(): boolean {
    const { bytesRead } = this.socket;
    const isSame = bytesRead === this.bytesRead;
    this.bytesRead = bytesRead;
    return isSame && this.isIdle;
  }
}
