import type { Problem } from '@wiber/contracts';
import { RefusedError, UsageError } from './dlq.errors.ts';
import type { GatewayAddress } from './gateway.address.ts';

export interface Answer<T> {
  body: T;
  /** The path of the next page. */
  next: string | undefined;
}

const ANSWER_WITHIN_MS = 60_000;

/** Makes one operator call. @throws RefusedError with the code and detail of the gateway's answer */
export const call = async <T>(
  { url, token }: GatewayAddress,
  path: string,
  given?: { body: object; as: string | undefined },
): Promise<Answer<T>> => {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  if (given) headers['Content-Type'] = 'application/json';
  if (given?.as !== undefined) headers['X-Operator'] = given.as;
  const init = given ? { method: 'POST', body: JSON.stringify(given.body) } : {};
  const request = requestOf(url + path, { ...init, headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const answer = await fetch(request).catch((cause: unknown) => {
    throw new RefusedError(`no gateway answers at ${url}; start one with npm start, or set API_URL to one`, { cause });
  });
  const body: unknown = await answer.json().catch((cause: unknown) => {
    throw new RefusedError(`${url} answers ${answer.status} without JSON: it is not a Wiber gateway`, { cause });
  });
  if (!answer.ok) {
    const { code = answer.status, detail = answer.statusText } = body as Partial<Problem>;
    throw new RefusedError(`${code}: ${detail}`);
  }
  const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  return { body: body as T, next };
};

const requestOf = (address: string, init: RequestInit): Request => {
  try {
    return new Request(address, init);
  } catch (cause) {
    const advice = 'API_URL must be http://host:port; OPERATOR_TOKEN and --as must fit in an HTTP header';
    throw new UsageError(advice, { cause });
  }
};
