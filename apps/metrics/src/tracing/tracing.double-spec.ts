import type { OpenSpan, SpanEnd, SpanStart, Tracing } from '@wiber/observability';

/** A span as it was begun, with the name of the one above it and how it ended. */
export type ToldSpan = SpanStart & { under?: string; end?: SpanEnd };

/** Records the spans that are begun. */
export const tracingDouble = (isOn = true): { tracing: Tracing; spans: ToldSpan[] } => {
  const spans: ToldSpan[] = [];
  const open = (start: SpanStart, under?: string): OpenSpan => {
    const told: ToldSpan = { ...start, ...(under === undefined ? {} : { under }) };
    spans.push(told);
    return { traceparent: '', child: (next) => open(next, start.name), end: (end) => void (told.end = end ?? {}) };
  };
  return { tracing: { isOn, start: (start) => (isOn ? open(start) : undefined) }, spans };
};
