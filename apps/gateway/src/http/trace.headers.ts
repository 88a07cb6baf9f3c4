import type { IncomingHttpHeaders } from 'node:http';
import { readTraceparent } from '@wiber/contracts';

/** The context of a trace, as the record of a message carries it on. */
export interface TraceHeaders {
  traceparent: string | undefined;
  tracestate: string | undefined;
}

const NONE: TraceHeaders = { traceparent: undefined, tracestate: undefined };

/** Section 3.3.1.5: a list of up to 512 characters is carried whole. A longer one may be dropped. */
const TRACESTATE = /^[\x20-\x7e\t]{1,512}$/;

/**
 * The client's context. A traceparent that is not well-formed is ignored, and its tracestate with it
 * (https://www.w3.org/TR/trace-context/, section 4.3).
 */
export const traceHeaders = (headers: IncomingHttpHeaders): TraceHeaders => {
  const given = headers['traceparent'];
  if (given === undefined) return NONE;
  const context = typeof given === 'string' ? readTraceparent(given) : undefined;
  if (!context) return NONE;
  const state = headers['tracestate'];
  const tracestate = typeof state === 'string' && TRACESTATE.test(state) ? state : undefined;
  return { traceparent: context.traceparent, tracestate };
};
