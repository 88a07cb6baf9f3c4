import { randomUUID } from 'node:crypto';
import type { Message, Problem } from '@wiber/contracts';
import { eventually } from '@wiber/harness';

export interface Answer {
  status: number;
  headers: Headers;
  body: Message | Problem;
}

export const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await fetch(`${url}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Message | Problem };
};

/** A message that is stored, and the token of its 201. */
export interface Stored {
  message: Message;
  token: string;
}

/** Sends until the message is stored. While the answer is 202 or 503 it asks again under one key, as a client does. */
export const sendUntilStored = (
  url: string,
  body: object,
  { headers = {}, ...limits }: { headers?: Record<string, string>; within?: number } = {},
): Promise<Stored> => {
  const key = randomUUID();
  return eventually(async () => {
    const sent = await post(url, body, { Prefer: 'wait=30', 'Idempotency-Key': key, ...headers });
    if (sent.status !== 201) throw new Error(`${sent.status}: ${JSON.stringify(sent.body)}`);
    return { message: sent.body as Message, token: sent.headers.get('causal-token')! };
  }, limits);
};

const json = async <T>(address: string): Promise<T> => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

export const page = (url: string, users: [string, string], query = ''): Promise<Message[]> =>
  json(`${url}/messages/${users.map(encodeURIComponent).join('/')}${query}`);

export const countIn = async (url: string, user1: string, user2: string): Promise<number> =>
  (await json<{ count: number }>(`${url}/messages/count?user1=${user1}&user2=${user2}`)).count;

/** Follows rel="next" through a conversation in log order until there is none. */
export const walkLog = async (
  url: string,
  { users, limit }: { users: [string, string]; limit: number },
): Promise<Message[]> => {
  const seen: Message[] = [];
  let next: string | undefined = `/messages/${users.join('/')}?sort=log&limit=${limit}`;
  while (next) {
    const answer: Response = await fetch(url + next);
    seen.push(...((await answer.json()) as Message[]));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return seen;
};
