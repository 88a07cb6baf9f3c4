import { operatorToken } from './operator.token.ts';
import { ApiProblem, problemOfAnswer } from './api.problem.ts';
import { bodyText } from './body.text.ts';

const { BASE_URL } = import.meta.env;

/** Where the gateway's API starts: the console may be behind a proxy that adds a path. */
export const ROOT = BASE_URL.replace(/console\/$/, '');
/** An answer of the API is smaller: a page of 200 messages with the longest content. */
const ANSWER_MAX_CHARS = 8_000_000;
/** A little longer than the longest wait of a gateway for a message to be stored. */
const TIMEOUT_MS = 35_000;

export interface ApiCall {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the root of the API, with a slash. Encode ids with encodeURIComponent. */
  path: string;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sends the operator's token, if there is one. */
  asOperator?: boolean;
  signal?: AbortSignal;
  /** The most characters of its answer, where it may be longer than those of other calls. */
  answerMaxChars?: number;
}

export interface ApiAnswer<T> {
  status: number;
  headers: Headers;
  data: T;
}

export const addressOf = ({ path, query = {} }: Pick<ApiCall, 'path' | 'query'>): string => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(given).toString();
  return `${ROOT}${path.replace(/^\//, '')}${search === '' ? '' : `?${search}`}`;
};

/**
 * Calls the API of the gateway that served the page.
 * @throws ApiProblem for each refusal, for no answer and for one that is not readable
 * @throws DOMException AbortError when the caller's signal ends the call
 */
export async function callApi<T>(call: ApiCall): Promise<ApiAnswer<T>> {
  const { status, headers, text } = await exchange(call);
  if (status >= 400) throw problemOfAnswer({ status, text, retryAfter: headers.get('Retry-After') });
  return { status, headers, data: readJson<T>(text, status) };
}

async function exchange(call: ApiCall): Promise<{ status: number; headers: Headers; text: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  try {
    const response = await fetch(addressOf(call), { ...requestOf(call), signal });
    return { status: response.status, headers: response.headers, text: await textOf(response, call.answerMaxChars) };
  } catch (error) {
    if (call.signal?.aborted === true || error instanceof ApiProblem) throw error;
    throw silenceOf(timeout.aborted, error);
  }
}

function requestOf({ method = 'GET', headers = {}, body, asOperator }: ApiCall): RequestInit {
  const token = asOperator === true ? operatorToken.value : undefined;
  return {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json, application/problem+json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

async function textOf(response: Response, maxChars = ANSWER_MAX_CHARS): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of bodyText(response)) {
    length += part.length;
    if (length > maxChars) throw unreadable('The answer is longer than any of this API.');
    parts.push(part);
  }
  return parts.join('');
}

function readJson<T>(text: string, status: number): T {
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw unreadable(`The answer has status ${String(status)} and is not JSON.`, error);
  }
}

const unreadable = (detail: string, cause?: unknown) =>
  new ApiProblem({ code: 'unreadable_answer', title: 'The answer is not readable', detail }, { cause });

const silenceOf = (isLate: boolean, cause: unknown) =>
  isLate
    ? new ApiProblem(
        { code: 'timed_out', title: 'No answer in time', detail: 'The gateway did not answer within 35 seconds.' },
        { cause },
      )
    : new ApiProblem(
        {
          code: 'unreachable',
          title: 'The gateway does not answer',
          detail: 'No connection to the gateway. It may have stopped, or the network is down. Try again in a moment.',
        },
        { cause },
      );
