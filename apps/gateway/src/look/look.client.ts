import { Readable } from 'node:stream';
import { BYE, OPENING, type LookFrame } from './look.frame.ts';

/** A client that takes nothing for so long is let go, in milliseconds. */
export const UNREAD_MAX_MS = 15_000;

/** One open stream. Of the looks that its client does not take, only the newest is kept for it. */
export class LookClient {
  readonly stream: Readable;
  private isWanting = false;
  private pending: LookFrame | undefined;
  private lastEventId = 0;
  /** Since when it takes nothing; by the clock of the one who sends. */
  private unreadSince: number | undefined;
  private looksLeft: number;

  /** @param looks after so many looks the stream ends. `left` is called once, whoever ends it */
  constructor({ looks = Infinity, left }: { looks?: number | undefined; left: (client: LookClient) => void }) {
    this.looksLeft = looks;
    this.stream = new Readable({
      // One look at a time: the next one is asked for when this one is on its way.
      highWaterMark: 1,
      read: () => this.read(),
      destroy: (error, done) => {
        left(this);
        done(error);
      },
    });
    this.stream.push(OPENING);
  }

  /** Gives it a look; it takes the place of an older one that the client has not taken. */
  offer(frame: LookFrame, now: number): void {
    this.pending = frame;
    if (this.isWanting) this.send();
    else this.unreadSince ??= now;
  }

  /** True when its client has taken nothing for UNREAD_MAX_MS. */
  isStuck(now: number): boolean {
    return this.unreadSince !== undefined && now - this.unreadSince > UNREAD_MAX_MS;
  }

  /** Says that this side ends the stream, and ends it. */
  sayBye(): void {
    this.pending = undefined;
    if (this.stream.readableEnded || this.stream.destroyed) return;
    this.stream.push(BYE);
    this.stream.push(null);
  }

  end(): void {
    this.stream.destroy();
  }

  private read(): void {
    this.isWanting = true;
    this.unreadSince = undefined;
    if (this.pending) this.send();
  }

  private send(): void {
    const { pending, lastEventId } = this;
    this.pending = undefined;
    this.isWanting = false;
    if (!pending || this.looksLeft <= 0) return;
    this.lastEventId = pending.newestId;
    this.looksLeft -= 1;
    this.stream.push(pending.for(lastEventId));
    if (this.looksLeft === 0) this.stream.push(null);
  }
}
