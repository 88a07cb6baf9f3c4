import type { ServerResponse } from 'node:http';
import { ParserStop, type HttpSocket } from './parser.stop.ts';

/** How long a connection whose last answer is written may stay open, so that the client can read it, in milliseconds. */
const LINGER_MS = 1000;
/** So many requests of one connection are parsed before the first of them is answered. */
const UNANSWERED_MAX = 128;
/** What a request and its answer take in memory besides the text of the answer, in bytes: 3 to 6 KiB were measured. */
const ANSWER_BYTES = 4096;
/** A client may take so long for the next bytes of its request or of an answer before it counts as stalled, in milliseconds. */
const PATIENCE_MS = 1000;
/** So many are parsed at once of what was kept: one turn of the event loop does it for several connections. */
const PARSED_ON_MAX = 32;
/** The same while others wait. More would cost them time and serve nobody; fewer would stop the parser for each request. */
const PARSED_ON_AMONG_OTHERS = 4;

export interface ConnectionOptions {
  now: number;
  isGuest: boolean;
  /** True while no connection may bring more than one more request in this turn of the event loop. */
  isTurnSpent: () => boolean;
  /** True while requests of other connections wait for their turn. */
  othersWait: (connection: ClientConnection) => boolean;
}

/** One connection of a client, and its requests that are not answered completely. All times are monotonic milliseconds. */
export class ClientConnection {
  readonly socket: HttpSocket;
  /** It came over the limit of connections: only liveness is answered. */
  readonly isGuest: boolean;
  /** When it was opened, or when its last request was answered. */
  idleSince: number;
  /** How many of its answers were complete when they were counted, and are not taken by the client. */
  unread = 0;
  /** It has a place among the connections whose waiting requests are started next. */
  isInTurn = false;
  /** Closed, or about to be: no request of it is started any more. */
  isGone = false;
  /** The answer that says `Connection: close`. No request after it is worked on. */
  private last: ServerResponse | undefined;
  /** The answer that ends when its client or its sender wants, and not when it is written. */
  private stream: ServerResponse | undefined;
  /** In the order of the requests, which is that of the answers (RFC 9112, section 9.3.2). */
  private readonly pending: ServerResponse[] = [];
  /** The first so many of `pending` were started. */
  private startedCount = 0;
  /** When the first of its unanswered requests came, or became the first. */
  private headSince = 0;
  private flushed: ServerResponse | undefined;
  private flushedSince = 0;
  private endedSince: number | undefined;
  private bytesRead = -1;
  private isPaused = false;
  private isParsingOn = false;
  private readonly parserStop: ParserStop;
  private readonly isTurnSpent: () => boolean;
  private readonly othersWait: (connection: ClientConnection) => boolean;

  constructor(socket: HttpSocket, { now, isGuest, isTurnSpent, othersWait }: ConnectionOptions) {
    this.socket = socket;
    this.isGuest = isGuest;
    this.idleSince = now;
    this.isTurnSpent = isTurnSpent;
    this.othersWait = othersWait;
    this.parserStop = new ParserStop(socket, {
      mustStop: () => this.isOver || (this.waiting > 0 && this.hasEnough),
      isOver: () => this.isOver,
    });
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

  /** No request is worked on any more. */
  private get isOver(): boolean {
    return this.isGone || this.saidClose;
  }

  /** Asked while a request waits: nothing behind it is parsed yet. */
  private get hasEnough(): boolean {
    const othersWait = this.othersWait(this);
    if (this.isParsingOn) return this.waiting >= (othersWait ? PARSED_ON_AMONG_OTHERS : PARSED_ON_MAX);
    return othersWait || this.pending.length >= UNANSWERED_MAX || this.isTurnSpent();
  }

  /** Adds a request. When it must wait, nothing more is read from the connection. */
  add(response: ServerResponse, { mayStart, now }: { mayStart: boolean; now: number }): void {
    if (this.pending.push(response) === 1) this.headSince = now;
    if (mayStart || this.isPaused) return;
    this.isPaused = true;
    this.socket.pause();
  }

  /** Once no request waits: parses what was read already, then reads on. Not to be called while it parses. */
  readOn(): void {
    if (!this.isPaused || this.waiting > 0 || this.isOver) return;
    this.isParsingOn = true;
    this.parserStop.parseOn();
    this.isParsingOn = false;
    if (this.waiting > 0 || this.parserStop.isStopped) return;
    this.isPaused = false;
    this.socket.resume();
  }

  /** Counts the next waiting request as started and returns it; undefined when none may start. */
  startNext(atOnce: number): ServerResponse | undefined {
    if (this.isGone || this.startedCount >= atOnce || this.waiting === 0) return undefined;
    this.startedCount += 1;
    return this.pending[this.startedCount - 1];
  }

  /**
   * Called once an answer is taken by the client's side, or its connection is gone. Returns whether the request had been
   * started.
   */
  remove(response: ServerResponse, now: number): boolean {
    this.idleSince = this.headSince = now;
    // Answers are taken in their order. Any other is one that its handler destroyed.
    if (this.pending[0] === response) this.pending.shift();
    else this.pending.splice(this.pending.indexOf(response), 1);
    const wasStarted = this.startedCount > 0;
    if (wasStarted) this.startedCount -= 1;
    if (this.unread > 0) this.unread -= 1;
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

  /**
   * Makes an answer a stream: it may last, and it is the last one of the connection, because no answer could come after it.
   * Returns the requests behind it, which nobody works on any more; undefined when it can't be: its head is sent, an earlier
   * answer is the last, or a request behind it was started.
   */
  letStream(response: ServerResponse): ServerResponse[] | undefined {
    const behind = this.pending.indexOf(response) + 1;
    if (response.headersSent || this.startedCount > behind || !this.endWith(response)) return undefined;
    this.stream = response;
    return this.pending.splice(behind);
  }

  get saidClose(): boolean {
    return this.stream !== undefined || (this.last?.headersSent ?? false);
  }

  /** What the answers take in memory that wait for the client to take them, in characters or bytes. */
  get answerSize(): number {
    let size = 0;
    for (let i = 0; i < this.startedCount; i += 1) {
      const { writableLength, writableEnded } = this.pending[i]!;
      size += writableLength + (writableEnded ? ANSWER_BYTES : 0);
    }
    return size;
  }

  /** Counts the answers that are complete and that the client has not taken: nobody works on their requests any more. */
  countUnread(): number {
    this.unread = 0;
    for (let i = 0; i < this.startedCount; i += 1) if (this.pending[i]!.writableEnded) this.unread += 1;
    return this.unread;
  }

  /** Since when the application waits for its client: for a request, for the rest of one, or to take an answer. */
  stalledSince(now: number): number | undefined {
    const [head] = this.pending;
    if (!head) return this.idleSince;
    let since: number | undefined;
    if (head === this.flushed) since = this.flushedSince;
    else if (!head.req.complete && !this.isPaused) since = this.headSince;
    return since !== undefined && now - since > PATIENCE_MS ? since : undefined;
  }

  /** True when the client has not taken the whole answer `withinMs` after the guard first saw its head written. */
  isReadTooSlowly(now: number, withinMs: number): boolean {
    const [head] = this.pending;
    // Who sends a stream sees to it that its client reads.
    if (!head?.headersSent || head === this.stream) return false;
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
