import type { Bye, Look, LookEvent } from '@wiber/contracts';

/** A browser connects again after so long, in milliseconds. */
export const RETRY_MS = 2000;
/** One comment in so many looks: a stream has one at least every 15 s. */
const COMMENT_EVERY = 10;
/** The first bytes of a stream: the head of the answer goes out with them. */
export const OPENING = Buffer.from(`retry: ${RETRY_MS}\n\n`);
/** The last event of a stream that this side ends. */
export const BYE = Buffer.from(`event: bye\ndata: ${JSON.stringify({ reason: 'stopping' } satisfies Bye)}\n\n`);

/**
 * One look as bytes of a stream of events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Clients that have
 * the same events have the same bytes.
 */
export class LookFrame {
  /** The id of the newest event in it. */
  readonly newestId: number;
  private readonly head: string;
  private readonly eventsAfter: (id: number) => LookEvent[];
  private readonly made = new Map<number, Buffer>();

  constructor(look: Omit<Look, 'events'>, events: { newestId: number; after: (id: number) => LookEvent[] }) {
    this.newestId = events.newestId;
    this.eventsAfter = events.after;
    const comment = look.sequence % COMMENT_EVERY === 0 ? ': still here\n' : '';
    // JSON has no line break, so the data is one line.
    this.head = `${comment}id: ${look.sequence}\nevent: look\ndata: ${JSON.stringify(look).slice(0, -1)},"events":`;
  }

  /** For a client that has the events up to this id. */
  for(eventId: number): Buffer {
    let bytes = this.made.get(eventId);
    if (!bytes) {
      bytes = Buffer.from(`${this.head}${JSON.stringify(this.eventsAfter(eventId))}}\n\n`);
      this.made.set(eventId, bytes);
    }
    return bytes;
  }
}
