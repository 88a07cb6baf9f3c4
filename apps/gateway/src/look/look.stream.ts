import type { Readable } from 'node:stream';
import { ProblemError } from '@wiber/contracts';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { LookClient } from './look.client.ts';
import type { LookFrame } from './look.frame.ts';

/** Seconds after which a client that found no place may try again. */
const RETRY_AFTER_S = 5;
/** A look that is older is not the first one of a new client, in milliseconds. */
const FRESH_MS = 1500;

/** Who looks. It has the first look of the first client made, and the last. */
export interface Looking {
  begin(): void;
  end(): void;
}

export interface StreamOptions {
  streamsMax: number;
  looking: Looking;
  now?: MonotonicClock;
}

/** All open streams of this gateway. They share each look; without a stream nobody looks. */
export class LookStream {
  private readonly clients = new Set<LookClient>();
  private readonly options: StreamOptions;
  private readonly now: MonotonicClock;
  private last: { frame: LookFrame; at: number } | undefined;
  private isEnded = false;
  /** Streams that were let go because their clients read nothing. */
  unread = 0;

  constructor(options: StreamOptions) {
    this.options = options;
    this.now = options.now ?? monotonicNow;
  }

  get open(): number {
    return this.clients.size;
  }

  /** @throws ProblemError shutting_down, streams_busy */
  admit(): void {
    if (this.isEnded) throw new ProblemError('shutting_down', 'this instance stops; open the stream again');
    const { streamsMax } = this.options;
    if (this.clients.size < streamsMax) return;
    const detail = `this gateway has ${streamsMax} open streams, its most (API_STREAMS_MAX); try again in ${RETRY_AFTER_S} s`;
    throw new ProblemError('streams_busy', detail, { retryAfterS: RETRY_AFTER_S });
  }

  /**
   * Opens a stream of looks. It ends by itself after `looks` looks, and when it is destroyed.
   * @throws ProblemError shutting_down, streams_busy
   */
  add(looks?: number): Readable {
    this.admit();
    const client = new LookClient({ looks, left: (one) => this.remove(one) });
    this.clients.add(client);
    if (this.clients.size === 1) this.options.looking.begin();
    else if (this.last && this.now() - this.last.at < FRESH_MS) client.offer(this.last.frame, this.now());
    return client.stream;
  }

  /** Gives all clients a look. */
  publish(frame: LookFrame): void {
    const now = this.now();
    this.last = { frame, at: now };
    for (const client of this.clients) {
      client.offer(frame, now);
      if (!client.isStuck(now)) continue;
      this.unread += 1;
      client.end();
    }
  }

  /** The instance stops: each client is told so, and none is taken any more. */
  end(): void {
    this.isEnded = true;
    for (const client of this.clients) client.sayBye();
  }

  private remove(client: LookClient): void {
    if (!this.clients.delete(client) || this.clients.size > 0) return;
    this.last = undefined;
    this.options.looking.end();
  }
}
