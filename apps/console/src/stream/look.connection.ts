import type { Look } from '@wiber/contracts';
import { ApiProblem, problemOfAnswer } from '../api/api.problem.ts';
import { bodyText } from '../api/body.text.ts';
import { EventReader, type StreamEvent } from './event.reader.ts';
import { readLook } from './readable.look.ts';

/** A gateway sends a look a second. After this long without one the connection counts as broken. */
const SILENCE_MAX_MS = 10_000;

interface ConnectionPlan {
  address: string;
  signal: AbortSignal;
  onLook: (look: Look) => void;
}

/** How a connection ended. `asked`: the server said how long to wait. */
export interface ConnectionEnd {
  askedMs?: number;
  problem?: ApiProblem;
}

/** Reads looks until the stream ends, is silent for too long or `signal` says so. Never throws. */
export async function readLooks({ address, signal, onLook }: ConnectionPlan): Promise<ConnectionEnd> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  const reader = new EventReader();
  try {
    const response = await fetch(address, {
      cache: 'no-store',
      headers: { Accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) return await refusalOf(response);
    if (!isEventStream(response)) return { problem: notAStream() };
    for await (const piece of bodyText(response)) {
      for (const event of reader.read(piece)) {
        if (event.event === 'bye') return { askedMs: reader.retryMs };
        if (event.event !== 'look') continue;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
        onLook(lookOfEvent(event));
      }
    }
    return { askedMs: reader.retryMs };
  } catch (error) {
    return { askedMs: reader.retryMs, problem: error instanceof ApiProblem ? error : silentGateway(error) };
  } finally {
    clearTimeout(timer);
  }
}

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('Content-Type')?.startsWith('text/event-stream') ?? false;

async function refusalOf(response: Response): Promise<ConnectionEnd> {
  const retryAfter = response.headers.get('Retry-After');
  const problem = problemOfAnswer({ status: response.status, text: await response.text(), retryAfter });
  return { problem, askedMs: problem.retryAfterS === undefined ? undefined : problem.retryAfterS * 1000 };
}

const lookOfEvent = ({ data }: StreamEvent): Look => {
  try {
    const look = readLook(data);
    if (look !== undefined) return look;
  } catch (cause) {
    throw unreadableLook('The gateway sent a look that is not JSON.', cause);
  }
  throw unreadableLook('The gateway sent a look in a form that this page does not know; it may be of another version.');
};

const unreadableLook = (detail: string, cause?: unknown) =>
  new ApiProblem({ code: 'unreadable_answer', title: 'A look is not readable', detail }, { cause });

const notAStream = () =>
  new ApiProblem({
    code: 'unreadable_answer',
    title: 'The answer is no stream',
    detail: 'The gateway did not answer /stats/stream with text/event-stream.',
  });

const silentGateway = (cause: unknown) =>
  new ApiProblem(
    { code: 'unreachable', title: 'The gateway does not answer', detail: 'No connection to the gateway.' },
    { cause },
  );
