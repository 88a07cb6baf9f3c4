import { Pool, type Dispatcher } from 'undici';
import type { SendOutcome } from '../checker/observation.ts';
import { outcomeOf, outcomeOfError } from './send.outcome.ts';

export interface SendRequest {
  fromUser: string;
  toUser: string;
  content: string;
  idempotencyKey?: string;
  waitS?: number;
}

interface SentAnswer {
  outcome: SendOutcome;
  /** The answer was 201, so the message should be readable. */
  stored: boolean;
  /** The Causal-Token: a read with it, at any gateway, must not be older than this answer. */
  token?: string | undefined;
}

export interface WalkAnswer {
  messageIds: string[];
  token?: string | undefined;
}

/** Longer than the gateway's own deadline, so the gateway's answer comes first. */
const ANSWER_WITHIN_MS = 20_000;

/** An HTTP client of one gateway. Its methods never reject: a failure is an outcome. */
export class ApiClient {
  private readonly pool: Pool;

  constructor(url: string) {
    const timeouts = { headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS };
    this.pool = new Pool(url, { connections: 64, pipelining: 1, connectTimeout: 2000, ...timeouts });
  }

  async send({ waitS, idempotencyKey, ...message }: SendRequest): Promise<SentAnswer> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (waitS !== undefined) headers['prefer'] = `wait=${waitS}`;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    try {
      const body = JSON.stringify(message);
      const answer = await this.pool.request({ method: 'POST', path: '/messages', headers, body });
      const received = (await answer.body.json()) as { messageId?: string; code?: string };
      const token = tokenOf(answer);
      return { outcome: outcomeOf(answer.statusCode, received), stored: answer.statusCode === 201, token };
    } catch (error) {
      return { outcome: outcomeOfError(error), stored: false };
    }
  }

  /** Whether the message is readable. Undefined when the gateway did not answer with 200 or 404. */
  async has(messageId: string, token: string | undefined): Promise<boolean | undefined> {
    try {
      const { statusCode, body } = await this.get(`/messages/${messageId}`, token);
      await body.dump();
      return statusCode === 200 ? true : statusCode === 404 ? false : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Reads all message ids of a list, page by page. Undefined when one page failed. Each request carries the Causal-Token of
   * the answer before it: only with the token do different gateways promise never to show less.
   * @param firstPage its path
   */
  async walk(firstPage: string, lastToken: string | undefined): Promise<WalkAnswer | undefined> {
    const messageIds: string[] = [];
    let token = lastToken;
    let path: string | undefined = firstPage;
    try {
      while (path !== undefined) {
        const answer = await this.get(path, token);
        const { statusCode, headers, body } = answer;
        if (statusCode !== 200) {
          await body.dump();
          return undefined;
        }
        token = tokenOf(answer) ?? token;
        messageIds.push(...((await body.json()) as { messageId: string }[]).map(({ messageId }) => messageId));
        path = /<([^>]+)>; rel="next"/.exec([headers['link'] ?? ''].flat().join(', '))?.[1];
      }
      return { messageIds, token };
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private get(path: string, token: string | undefined): Promise<Dispatcher.ResponseData> {
    const headers: Record<string, string> = token === undefined ? {} : { 'causal-token': token };
    return this.pool.request({ method: 'GET', path, headers });
  }
}

const tokenOf = ({ headers }: Dispatcher.ResponseData): string | undefined => [headers['causal-token']].flat()[0];
