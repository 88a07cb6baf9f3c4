import { Pool, type Dispatcher } from 'undici';
import type { Send, SendOutcome, Sort } from '../checker/observation.ts';

export interface SendRequest {
  fromUser: string;
  toUser: string;
  content: string;
  idempotencyKey?: string;
  waitS?: number;
}

interface SentAnswer {
  outcome: SendOutcome;
  /** It was 201: readable, so the gateway says. */
  stored: boolean;
  /** What a read elsewhere must not be older than. */
  token?: string | undefined;
}

export interface WalkAnswer {
  messageIds: string[];
  token?: string | undefined;
}

/** Longer than the gateway's own deadline, so that its word is heard where it has one. */
const ANSWER_WITHIN_MS = 20_000;
/** Codes of refusals before anything left the gateway: the message is certainly not in the log. */
const CERTAINLY_NOT = new Set(['overloaded', 'log_unavailable', 'idempotency_conflict', 'invalid_request']);

/** One gateway, spoken to as a client does. Never rejects: what fails is an outcome. */
export class ApiClient {
  private readonly pool: Pool;

  constructor(url: string) {
    const within = { headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS };
    this.pool = new Pool(url, { connections: 64, pipelining: 1, connectTimeout: 2000, ...within });
  }

  async send({ waitS, idempotencyKey, ...message }: SendRequest): Promise<SentAnswer> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (waitS !== undefined) headers['prefer'] = `wait=${waitS}`;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    try {
      const body = JSON.stringify(message);
      const answer = await this.pool.request({ method: 'POST', path: '/messages', headers, body });
      const said = (await answer.body.json()) as { messageId?: string; code?: string };
      const token = tokenOf(answer);
      return { outcome: outcomeOf(answer.statusCode, said), stored: answer.statusCode === 201, token };
    } catch (error) {
      return { outcome: lostOf(error), stored: false };
    }
  }

  /** Whether the message is there; undefined when the gateway did not say. */
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
   * Ids from the start of a conversation to its end; undefined when a page was not given. The token of each answer goes
   * with the next question, as for a client that goes from gateway to gateway: only so is it promised never to see less.
   */
  async walk(
    [user1, user2]: [string, string],
    { sort, limit, token: seen }: { sort: Sort; limit: number; token?: string | undefined },
  ): Promise<WalkAnswer | undefined> {
    const messageIds: string[] = [];
    let token = seen;
    let path: string | undefined = `/messages/${user1}/${user2}?sort=${sort}&limit=${limit}`;
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

const outcomeOf = (status: number, { messageId, code = `status ${status}` }: { messageId?: string; code?: string }) => {
  if (status < 300 && messageId !== undefined) return { type: 'acked', messageId } satisfies Send['outcome'];
  if (CERTAINLY_NOT.has(code)) return { type: 'refused', code } satisfies Send['outcome'];
  return { type: 'unknown', cause: code } satisfies Send['outcome'];
};

/** A connection that was never made carried nothing; any other failure may have come after the message went out. */
const lostOf = (error: unknown): SendOutcome => {
  const code = (error as { code?: string }).code ?? String(error);
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT') return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};
