import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** More users than the sample of a second keeps. */
const USERS = 200;
const ANSWER_MS = 10_000;

/** Sends messages at an even rate, as long as it is not stopped. */
export class MessageFlow {
  accepted = 0;
  /** Refused, or without an answer in time. */
  failed = 0;
  private readonly gateway: string;
  private readonly generator;
  private readonly timer: NodeJS.Timeout;
  private readonly pending = new Set<Promise<void>>();
  private stopped = false;

  constructor(gateway: string, { seed, ratePerS }: { seed: number; ratePerS: number }) {
    this.gateway = gateway;
    this.generator = xoroshiro128plus(seed);
    this.timer = setInterval(() => this.begin(), 1000 / ratePerS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await Promise.all(this.pending);
  }

  private begin(): void {
    if (this.stopped) return;
    const sending = this.send().finally(() => this.pending.delete(sending));
    this.pending.add(sending);
  }

  private async send(): Promise<void> {
    const [from, to] = [uniformInt(this.generator, 0, USERS - 1), uniformInt(this.generator, 0, USERS - 1)];
    const body = JSON.stringify({ fromUser: `user${from}`, toUser: `hub${to}`, content: 'x'.repeat(1 + (from % 50)) });
    const headers = { 'Content-Type': 'application/json' };
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch(`${this.gateway}/messages`, { method: 'POST', headers, body, signal });
      await answer.arrayBuffer();
      if (answer.ok) this.accepted += 1;
      else this.failed += 1;
    } catch {
      this.failed += 1;
    }
  }
}
