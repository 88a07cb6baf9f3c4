/** The context of a trace as a request or a record carries it: https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hexadecimal digits in lower case. */
  traceId: string;
  /** The span that the next one belongs under: 16 hexadecimal digits in lower case. */
  spanId: string;
  isSampled: boolean;
  /** As it is carried on. */
  traceparent: string;
}

/** Section 3.2: version, trace-id, parent-id and flags. A later version may have more behind them. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/;
const LENGTH = 55;
const LONGEST = 512;
const ZEROS = /^0+$/;
const SAMPLED = 1;

/**
 * Undefined for a value that is not well-formed, which a receiver has to ignore (section 3.2.2.1 and 4.3). A version after 00
 * is read as far as 00 goes, and carried on as 00.
 */
export const readTraceparent = (value: string): TraceContext | undefined => {
  if (value.length < LENGTH || value.length > LONGEST) return undefined;
  const [, version, traceId, spanId, flags] = TRACEPARENT.exec(value) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  if (version === '00' && value.length !== LENGTH) return undefined;
  const isSampled = (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED;
  const traceparent = version === '00' ? value : traceparentOf({ traceId, spanId, isSampled });
  return { traceId, spanId, isSampled, traceparent };
};

export const traceparentOf = ({ traceId, spanId, isSampled }: Omit<TraceContext, 'traceparent'>): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
