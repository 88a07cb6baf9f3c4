import type { LogPosition, Message } from '@wiber/contracts';
import { DemoError } from '../../demo.errors.ts';
import type { Sort } from '../truth/order.verdict.ts';

/** Longer than the gateway's own deadline, so the gateway's answer comes first. */
const ANSWER_WITHIN_MS = 20_000;
const PAGE = 500;

export type Users = readonly [string, string];

/** The calls that two people make at one gateway. */
export class ConversationClient {
  readonly gateway: string;
  private readonly url: string;

  constructor(gateway: string, url: string) {
    this.gateway = gateway;
    this.url = url;
  }

  /** @throws DemoError when it is not accepted: nobody can say then whether it happened */
  async send(fromUser: string, toUser: string, content: string): Promise<{ message: Message; place: LogPosition }> {
    const answer = await this.ask('/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fromUser, toUser, content }),
    });
    const [, partition, offset] = /\?partition=(\d+)&offset=(\d+)$/.exec(answer.headers.get('location') ?? '') ?? [];
    if (answer.status !== 202 || partition === undefined) throw await this.refusalOf(answer, 'POST /messages');
    const message = (await answer.json()) as Message;
    return { message, place: { partition: Number(partition), offset: Number(offset) } };
  }

  /** The message, or undefined while it is not stored. @throws DemoError */
  async find(messageId: string): Promise<Message | undefined> {
    const answer = await this.ask(`/messages/${messageId}`);
    if (answer.status === 200) return (await answer.json()) as Message;
    if (answer.status !== 404) throw await this.refusalOf(answer, 'GET /messages/{messageId}');
    await answer.body?.cancel();
    return undefined;
  }

  /** The whole conversation, page by page. @throws DemoError */
  async read(users: Users, sort: Sort): Promise<Message[]> {
    const shown: Message[] = [];
    let next: string | undefined = `/messages/${users.join('/')}?sort=${sort}&limit=${PAGE}`;
    while (next !== undefined) {
      const answer: Response = await this.ask(next);
      if (answer.status !== 200) throw await this.refusalOf(answer, 'GET /messages/{user1}/{user2}');
      shown.push(...((await answer.json()) as Message[]));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return shown;
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
