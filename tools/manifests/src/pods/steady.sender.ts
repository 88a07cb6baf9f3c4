import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of the sends. */
export interface SentCounts {
  acknowledged: number;
  failed: number;
  /** Of the failed ones: those whose message may have been sent all the same. */
  unknown: number;
  /** The first failures, as a sentence each. */
  failures: string[];
}

const SENDERS = 50;
const FAILURES_SHOWN = 10;
const TIMEOUT_MS = 15_000;

interface Answer {
  status: number;
  closes: boolean;
  /** Of a problem document: its code and what it says. */
  problem: string;
}

const send = (url: string, agent: Agent, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(`${url}/messages`, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, closes: answered.connection === 'close', problem: status < 300 ? '' : text.slice(0, 300) });
      });
      response.once('error', reject);
    });
    call.once('timeout', () => call.destroy(new Error('no answer in time')));
    call.once('error', reject);
    call.end(body);
  });

/**
 * Sends messages at a steady rate, as clients of a service do: each keeps its connection until an answer closes it, and gets
 * another pod with its next one. Nothing is sent twice: a send that fails has failed.
 */
export class SteadySender {
  readonly counts: SentCounts = { acknowledged: 0, failed: 0, unknown: 0, failures: [] };
  private readonly endpoints: () => readonly string[];
  private readonly senders: Promise<void>[];
  private isOver = false;
  private turn = 0;
  private readonly startedAt = performance.now();

  /** @param endpoints the addresses of the pods that the service sends to now @param rate messages a second */
  constructor(endpoints: () => readonly string[], rate: number) {
    this.endpoints = endpoints;
    this.senders = Array.from({ length: SENDERS }, (_, place) => this.run(place, (SENDERS / rate) * 1000));
  }

  /** Seconds since the first send. */
  get seconds(): string {
    return ((performance.now() - this.startedAt) / 1000).toFixed(1);
  }

  async stop(): Promise<SentCounts> {
    this.isOver = true;
    await Promise.all(this.senders);
    return this.counts;
  }

  private async run(place: number, periodMs: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let url: string | undefined;
    let next = performance.now() + (place / SENDERS) * periodMs;
    for (let index = 0; !this.isOver; index += 1) {
      await sleep(Math.max(0, next - performance.now()));
      next += periodMs;
      url ??= this.pick();
      url = await this.sendOne(url, agent, {
        fromUser: `sender-${place}`,
        toUser: `reader-${index % 97}`,
        content: `message ${index}`,
      });
    }
    agent.destroy();
  }

  /** Resolves to the address that the open connection leads to, or to none when it was closed. */
  private async sendOne(url: string | undefined, agent: Agent, message: object): Promise<string | undefined> {
    try {
      if (url === undefined) throw new Error('the service has no pod');
      const { status, closes, problem } = await send(url, agent, JSON.stringify(message));
      if (status === 202 || status === 201) this.counts.acknowledged += 1;
      else this.fail(`${url} answered ${status}: ${problem}`, problem.includes('"code":"outcome_unknown"'));
      return closes ? undefined : url;
    } catch (error) {
      this.fail(`${url}: ${(error as Error).message}`, url !== undefined);
      return undefined;
    }
  }

  private pick(): string | undefined {
    const urls = this.endpoints();
    this.turn += 1;
    return urls[this.turn % urls.length];
  }

  private fail(failure: string, isUnknown: boolean): void {
    this.counts.failed += 1;
    if (isUnknown) this.counts.unknown += 1;
    if (this.counts.failures.length < FAILURES_SHOWN) this.counts.failures.push(`${this.seconds} s: ${failure}`);
  }
}
