import type { Message, Problem } from '@wiber/contracts';

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
