import { Pool } from 'undici';
import { ProbedGateway } from '@wiber/harness';
import { outcomeOf, outcomeOfError, type SendOutcome } from './send.ts';

/** Longer than the gateway's own deadline, so the gateway's answer comes first. */
const ANSWER_WITHIN_MS = 20_000;
const CONNECTIONS = 64;

export interface Body {
  fromUser: string;
  toUser: string;
  content: string;
}

/** One gateway as clients see it: its probe says whether it serves, and so does a connection that is refused. */
export class GatewayClient {
  readonly instance: string;
  private readonly probed: ProbedGateway;
  private readonly pool: Pool;

  constructor(instance: string, url: string) {
    this.instance = instance;
    this.probed = new ProbedGateway(url);
    const timeouts = { headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS };
    this.pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1, connectTimeout: 2000, ...timeouts });
  }

  get isServing(): boolean {
    return this.probed.isServing;
  }

  /** Asks /health/serving until the signal is aborted. */
  follow(signal: AbortSignal): Promise<void> {
    return this.probed.follow(signal);
  }

  /** Never rejects: a failure is an outcome. */
  async send(body: Body): Promise<SendOutcome> {
    try {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', path: '/messages', headers, body: JSON.stringify(body) } as const;
      const answer = await this.pool.request(request);
      return outcomeOf(answer.statusCode, (await answer.body.json()) as { messageId?: string; code?: string });
    } catch (error) {
      const outcome = outcomeOfError(error);
      if (outcome.type === 'refused') this.probed.isServing = false;
      return outcome;
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}
