/** Where a span is in its trace: https://www.w3.org/TR/trace-context/ */
export interface SpanPlace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  isSampled: boolean;
}

/** `internal`: work that no other process asked for, and that asks none itself. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanStart {
  name: string;
  kind: SpanKind;
  /** The span of another process that caused this one. */
  parent?: SpanPlace | undefined;
  attributes?: SpanAttributes;
  /** Milliseconds since the epoch; now by default. */
  startMs?: number;
}

export interface SpanEnd {
  attributes?: SpanAttributes;
  /** A code or a class of errors, for a span that failed. Never a text that may hold what users write. */
  error?: string | undefined;
  /** Milliseconds since the epoch; now by default. */
  endMs?: number;
}

/** A span that is recorded and has not ended. */
export interface OpenSpan {
  /** The header that makes another process continue the trace under this span. */
  readonly traceparent: string;
  child: (start: Omit<SpanStart, 'parent'>) => OpenSpan;
  end: (end?: SpanEnd) => void;
}

/** Records spans and sends them to a collector. None of its calls throws or waits for the collector. */
export interface Tracing {
  /** Whether spans are recorded at all. */
  readonly isOn: boolean;
  /** Undefined for a span that is not sampled. */
  start: (start: SpanStart) => OpenSpan | undefined;
}

/** What an app has that is told of no collector. */
export const NO_TRACING: Tracing = Object.freeze({ isOn: false, start: () => undefined });
