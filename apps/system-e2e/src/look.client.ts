import type { Look, LookEvent } from '@wiber/contracts';
import { eventOf } from './event.stream.ts';

/** One open stream of GET /stats/stream. */
export class LookClient {
  readonly status: number;
  readonly headers: Headers;
  readonly looks: Look[] = [];
  /** When each look came, in monotonic milliseconds. */
  readonly cameAt: number[] = [];
  /** True once this instance has said that it stops. */
  saidBye = false;
  /** Resolves when the other side has ended the stream, and rejects when the connection was cut. */
  readonly ended: Promise<void>;
  private readonly abort: AbortController;

  private constructor(answer: Response, abort: AbortController) {
    this.status = answer.status;
    this.headers = answer.headers;
    this.abort = abort;
    this.ended = this.read(answer);
    this.ended.catch(() => undefined);
  }

  static async open(url: string, query = ''): Promise<LookClient> {
    const abort = new AbortController();
    return new LookClient(await fetch(`${url}/stats/stream${query}`, { signal: abort.signal }), abort);
  }

  get last(): Look {
    const last = this.looks.at(-1);
    if (!last) throw new Error('no look has come yet');
    return last;
  }

  /** All events so far. */
  get events(): LookEvent[] {
    return this.looks.flatMap(({ events }) => events);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(answer: Response): Promise<void> {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const event = eventOf(block);
    if (event?.event === 'bye') this.saidBye = true;
    if (event?.event !== 'look') return;
    this.looks.push(JSON.parse(event.data) as Look);
    this.cameAt.push(performance.now());
  }
}
