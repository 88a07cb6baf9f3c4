import { HEADER } from '@wiber/contracts';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import type { OpenSpan, SpanEnd, SpanStart, Tracing } from '@wiber/observability';
import { BatchTracer } from './batch.tracer.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const carried = (flags = '01') => Buffer.from(`00-${TRACE}-${SPAN}-${flags}`);

type Told = SpanStart & { under?: string; end?: SpanEnd };

/** A tracer, and the spans that it made. */
const tracer = (isOn = true) => {
  const spans: Told[] = [];
  const open = (start: SpanStart, under?: string): OpenSpan => {
    const told: Told = { ...start, ...(under === undefined ? {} : { under }) };
    spans.push(told);
    return { traceparent: '', child: (next) => open(next, start.name), end: (end) => void (told.end = end ?? {}) };
  };
  const tracing: Tracing = { isOn, start: (start) => open(start) };
  return { tracer: new BatchTracer({ tracing, topic: 'chat', group: 'g', collection: 'messages' }), spans };
};

const batchOf = (headers: LogBatch['records'][number]['headers'][]): LogBatch => ({
  topic: 'chat',
  takenAt: 1,
  partition: 2,
  records: headers.map((one, index) => ({ offset: 10 + index, key: null, value: null, headers: one })),
});
const sampled = { [HEADER.traceparent]: carried() };
const done: BatchOutcome = { type: 'done', rejected: [] };

test('each sampled message of a batch has a span under the one that its record carries, and the write under that', () => {
  const system = tracer();
  const trace = system.tracer.begin([batchOf([{}, sampled, { [HEADER.traceparent]: carried('00') }])]);
  trace?.writeBegins(3);
  trace?.writeEnds();
  trace?.end(done);
  expect(system.spans).toMatchObject([
    {
      ...{ name: 'process chat', kind: 'consumer', parent: { traceId: TRACE, spanId: SPAN } },
      attributes: { 'messaging.kafka.offset': 11, 'messaging.batch.message_count': 3, 'wiber.attempt': 1 },
      end: { attributes: { 'wiber.outcome': 'done' }, error: undefined },
    },
    { name: 'insert messages', kind: 'client', under: 'process chat', attributes: { 'db.operation.batch.size': 3 } },
  ]);
});

test('a rejected message has its reason as the error, and the others have none', () => {
  const system = tracer();
  const trace = system.tracer.begin([batchOf([sampled, sampled])]);
  const rejected = [{ partition: 2, offset: 11, reason: 'schema', error: 'what a user wrote' }] as const;
  trace?.end({ type: 'done', rejected: [...rejected] });
  expect(system.spans.map(({ end }) => end?.error)).toEqual([undefined, 'schema']);
  expect(JSON.stringify(system.spans)).not.toContain('what a user wrote');
});

test('of a batch that fails for hours the first tries have spans, and the one that stores it', () => {
  const system = tracer();
  const batch = batchOf([sampled]);
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const trace = system.tracer.begin([batch]);
    trace?.writeBegins(1);
    trace?.end({ type: 'unavailable', cause: new TypeError('no primary') });
  }
  system.tracer.begin([batch])?.end(done);
  const tries = system.spans.filter(({ name }) => name === 'process chat');
  expect(tries.map(({ attributes, end }) => [attributes?.['wiber.attempt'], end?.error])).toEqual([
    [1, 'TypeError'],
    [2, 'TypeError'],
    [3, 'TypeError'],
    [1001, undefined],
  ]);
});

test('of a batch at most 128 messages have spans, which say how many have none', () => {
  const system = tracer();
  system.tracer.begin([batchOf(Array.from({ length: 1000 }, () => sampled))])?.end(done);
  expect(system.spans).toHaveLength(128);
  expect(system.spans[0]?.attributes?.['wiber.untraced_messages']).toBe(872);
});

test('a batch without a sampled message, with malformed headers, or without tracing makes no span', () => {
  const odd = [null, [carried(), carried()], 'text', Buffer.from('x'), Buffer.alloc(5000, 'a')];
  const batch = batchOf([{}, ...odd.map((value) => ({ [HEADER.traceparent]: value }))]);
  expect(tracer().tracer.begin([batch])).toBeUndefined();
  expect(tracer(false).tracer.begin([batchOf([sampled])])).toBeUndefined();
});
