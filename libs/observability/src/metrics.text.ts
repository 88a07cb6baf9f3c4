import { setTimeout as timeout } from 'node:timers/promises';

/** The rest after a rendering, in durations of it: renderings take at most a tenth of the time. */
const REST_FACTOR = 9;
/** The longest rest, in milliseconds: one slow rendering keeps the next scrape waiting no longer. */
const REST_MAX_MS = 250;

export interface MetricsTextOptions {
  render: () => Promise<string>;
  /** Monotonic milliseconds. */
  now?: () => number;
  sleep?: (ms: number) => Promise<unknown>;
}

/**
 * The text of all metrics. To render it keeps the process busy for milliseconds. Requests that come at once share one
 * rendering. It begins after they came, so none of them reads an old text.
 */
export class MetricsText {
  private readonly render: () => Promise<string>;
  private readonly now: () => number;
  private readonly sleep: (ms: number) => Promise<unknown>;
  /** The rendering that has not begun. */
  private next: Promise<Buffer> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** No rendering begins before. */
  private restsUntil = -Infinity;

  constructor({ render, now = () => performance.now(), sleep = timeout }: MetricsTextOptions) {
    this.render = render;
    this.now = now;
    this.sleep = sleep;
  }

  read(): Promise<Buffer> {
    if (!this.next) {
      this.next = this.renderAfter(this.last);
      this.last = this.next.catch(() => undefined);
    }
    return this.next;
  }

  private async renderAfter(last: Promise<unknown>): Promise<Buffer> {
    await last;
    // A macrotask also when it need not rest: whoever comes in this turn of the event loop shares the text.
    await this.sleep(Math.max(0, this.restsUntil - this.now()));
    this.next = undefined;
    const begin = this.now();
    try {
      // Bytes, which all answers share. Each would make its own of a string.
      return Buffer.from(await this.render());
    } finally {
      const end = this.now();
      this.restsUntil = end + Math.min(REST_MAX_MS, REST_FACTOR * (end - begin));
    }
  }
}
