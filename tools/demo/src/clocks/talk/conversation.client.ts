import { randomUUID } from 'node:crypto';
import type { LogPosition, Message } from '@wiber/contracts';
import { eventually } from '@wiber/harness';
import { DemoError } from '../../demo.errors.ts';
import type { Sort } from '../truth/order.verdict.ts';

/** Longer than the gateway's own deadline, so the gateway's answer comes first. */
const ANSWER_WITHIN_MS = 20_000;
const PAGE = 500;
/** So long a gateway may be too busy to answer. */
const BUSY_WITHIN_MS = 60_000;
/** A repeated request waits until its message is stored: then the answer has the numbers that are kept. */
const STORED_WITHIN_S = 15;

export type Users = readonly [string, string];

export interface SentMessage {
  message: Message;
  /** Unknown where an earlier request of the same key was the one that was stored. */
  place: LogPosition | undefined;
}

const placeOf = (location: string): LogPosition | undefined => {
  const [, partition, offset] = /\?partition=(\d+)&offset=(\d+)$/.exec(location) ?? [];
  return partition === undefined ? undefined : { partition: Number(partition), offset: Number(offset) };
};

/** The calls that two people make at one gateway. */
export class ConversationClient {
  readonly gateway: string;
  private readonly url: string;

  constructor(gateway: string, url: string) {
    this.gateway = gateway;
    this.url = url;
  }

  /**
   * Sends once, and while the gateway is busy again under the same key, so that the message is stored once.
   * @throws DemoError when it is not accepted
   */
  async send(fromUser: string, toUser: string, content: string): Promise<SentMessage> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const body = JSON.stringify({ fromUser, toUser, content });
    let wait: Record<string, string> = {};
    let isRefused = false;
    const attempt = async (): Promise<SentMessage> => {
      const wanted = 'prefer' in wait ? 201 : 202;
      const request = { method: 'POST', headers: { ...headers, ...wait }, body };
      wait = { prefer: `wait=${STORED_WITHIN_S}` };
      const answer = await this.ask('/messages', request);
      isRefused = answer.status >= 400 && answer.status < 500;
      if (answer.status !== wanted) throw await this.refusalOf(answer, 'POST /messages');
      return { message: (await answer.json()) as Message, place: placeOf(answer.headers.get('location') ?? '') };
    };
    return eventually(attempt, { within: BUSY_WITHIN_MS, isHopeless: () => isRefused });
  }

  /** The message, or undefined while it is not stored. @throws DemoError */
  async find(messageId: string): Promise<Message | undefined> {
    const answer = await this.get(`/messages/${messageId}`, 'GET /messages/{messageId}');
    if (answer.status === 200) return (await answer.json()) as Message;
    await answer.body?.cancel();
    return undefined;
  }

  /** The whole conversation, page by page. @throws DemoError */
  async read(users: Users, sort: Sort): Promise<Message[]> {
    const shown: Message[] = [];
    let next: string | undefined = `/messages/${users.join('/')}?sort=${sort}&limit=${PAGE}`;
    while (next !== undefined) {
      const answer: Response = await this.get(next, 'GET /messages/{user1}/{user2}');
      if (answer.status !== 200) throw await this.refusalOf(answer, 'GET /messages/{user1}/{user2}');
      shown.push(...((await answer.json()) as Message[]));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return shown;
  }

  /** Asks again while the gateway is busy. @throws DemoError for other answers than 200 and 404 */
  private get(path: string, call: string): Promise<Response> {
    let isRefused = false;
    const attempt = async (): Promise<Response> => {
      const answer = await this.ask(path);
      if (answer.status === 200 || answer.status === 404) return answer;
      isRefused = answer.status < 500;
      throw await this.refusalOf(answer, call);
    };
    return eventually(attempt, { within: BUSY_WITHIN_MS, isHopeless: () => isRefused });
  }

  private async ask(path: string, request: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(this.url + path, { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    } catch (cause) {
      throw new DemoError(`${this.gateway} does not answer: ${(cause as Error).message}`, { cause });
    }
  }

  private async refusalOf(answer: Response, call: string): Promise<DemoError> {
    return new DemoError(`${this.gateway} answers ${call} with ${answer.status}: ${await answer.text()}`);
  }
}
