import { request } from 'node:http';

/** The longest wait that a gateway grants, in seconds. */
export const WAIT_S = 30;
/** A connection that hangs longer than a wait has failed. */
const GIVE_UP_MS = (WAIT_S + 30) * 1000;

export interface Answer {
  status: number;
  /** Undefined where the answer is no message. */
  messageId: string | undefined;
  location: string | undefined;
  /** The time that a read must not be older than. */
  token: string | undefined;
  /** Integer milliseconds since the epoch. */
  answeredAt: number;
}

export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: object;
}

/** One request on a connection of its own, as of a client of its own. Status 0: no answer. */
export const ask = (url: string, { method, path, headers = {}, body }: Ask): Promise<Answer> =>
  new Promise((resolve) => {
    const failed: Answer = { status: 0, messageId: undefined, location: undefined, token: undefined, answeredAt: 0 };
    const sent = request(new URL(path, url), {
      method,
      agent: false,
      timeout: GIVE_UP_MS,
      headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    });
    sent.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', () => resolve(failed));
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          messageId: (JSON.parse(Buffer.concat(chunks).toString()) as { messageId?: string }).messageId,
          location: answer.headers.location,
          token: [answer.headers['causal-token']].flat()[0],
          answeredAt: Date.now(),
        }),
      );
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(failed));
    sent.end(body && JSON.stringify(body));
  });

/** Runs `work` for each index, at most `atOnce` at the same time. */
export const inParts = async <T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = new Array<T>(count);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
};
