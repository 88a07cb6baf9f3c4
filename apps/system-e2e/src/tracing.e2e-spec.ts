import { randomUUID } from 'node:crypto';
import { HEADER, type Message, type MessageTrace } from '@wiber/contracts';
import { StoreEditor, StoreReader, readTopic } from '@wiber/evidence';
import { AppProcess, OtlpCollector, eventually, freshSystem, type CollectedSpan } from '@wiber/harness';
import { countIn, post } from './api.client.ts';
import { allStored } from './log.client.ts';

const CLIENT_SPAN = '00f067aa0ba902b7';
const REFUSED = 'the validator refuses this';
/** Says on stderr that the SDK of traces is loaded. */
const WATCH = `import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (found.url.includes('@opentelemetry/sdk-trace')) process.stderr.write('the SDK is loaded');
    return found;
  },
});`;
const SAYS_SDK = `--import=data:text/javascript,${encodeURIComponent(WATCH)}`;

let env: Record<string, string>;
let collector: OtlpCollector;
let gateway: AppProcess;
let untraced: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  env = await freshSystem();
  collector = await OtlpCollector.start();
  const editor = await StoreEditor.openFor(env);
  await editor.refuseContent(REFUSED);
  await editor.close();
  const traced = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0' };
  const watched = { NODE_OPTIONS: SAYS_SDK, LOG_LEVEL: 'debug' };
  [gateway, untraced, ingest] = await AppProcess.startAll([
    ['gateway', { ...traced, ...watched }],
    ['gateway', { ...env, ...watched, INSTANCE: 'gateway-2' }],
    ['ingest', { ...traced, LOG_LEVEL: 'debug' }],
  ]);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), untraced?.end(), ingest?.end()]);
  await collector?.close();
});

const newTrace = () => randomUUID().replaceAll('-', '');
const parentOf = (traceId: string, flags = '01') => `00-${traceId}-${CLIENT_SPAN}-${flags}`;
const body = (content = 'hi') => ({ fromUser: 'ann', toUser: 'ben', content });

/** The spans of a trace, by name, once all that are named are there. */
const spansOf = (traceId: string, names: string[]): Promise<Map<string, CollectedSpan>> =>
  eventually(async () => {
    const spans = new Map(collector.spans(traceId).map((span) => [span.name, span]));
    expect([...spans.keys()].toSorted()).toEqual(names.toSorted());
    return spans;
  });

const namesOf = (topic: string) => ['POST /messages', `send ${topic}`, `process ${topic}`, 'insert messages'];

test("one trace leads from the client's span through gateway, Kafka and ingest to the write of the message", async () => {
  const [traceId, topic] = [newTrace(), env['KAFKA_TOPIC']!];
  const sent = await post(gateway.url, body(), { Prefer: 'wait=20', traceparent: parentOf(traceId) });
  expect(sent.status).toBe(201);
  const spans = await spansOf(traceId, namesOf(topic));
  const [request, send, process, insert] = namesOf(topic).map((name) => spans.get(name)!);
  const parents = [request, send, process, insert].map((span) => span?.parentSpanId);
  expect(parents).toEqual([CLIENT_SPAN, request?.spanId, send?.spanId, process?.spanId]);
  expect([request, send, process, insert].map((span) => span?.kind)).toEqual([2, 4, 5, 3]);
  expect([request, process].map((span) => span?.resource['service.instance.id'])).toEqual(['gateway-1', 'ingest-1']);
  const place = Object.fromEntries(new URL(gateway.url + sent.headers.get('location')).searchParams);
  const message = {
    'messaging.message.id': (sent.body as Message).messageId,
    'messaging.destination.partition.id': place['partition'],
    'messaging.kafka.offset': Number(place['offset']),
  };
  expect(send?.attributes).toMatchObject({ ...message, 'messaging.system': 'kafka' });
  expect(process?.attributes).toMatchObject({ ...message, 'wiber.outcome': 'done', 'wiber.attempt': 1 });
  expect(request?.attributes).toMatchObject({ 'http.route': '/messages', 'http.response.status_code': 201 });
  expect([request, send, process, insert].some((span) => span?.isError)).toBe(false);
});

test('a retry under the same key is another request of its own trace, and sends nothing again', async () => {
  const [first, second] = [newTrace(), newTrace()];
  const key = { 'Idempotency-Key': randomUUID(), Prefer: 'wait=20' };
  const sent = await post(gateway.url, body('once'), { ...key, traceparent: parentOf(first) });
  const again = await post(gateway.url, body('once'), { ...key, traceparent: parentOf(second) });
  expect(again.body).toEqual(sent.body);
  await spansOf(first, namesOf(env['KAFKA_TOPIC']!));
  await spansOf(second, ['POST /messages']);
});

test('a rejected record is traced to its dead letter, and a refused request to its answer', async () => {
  const [traceId, topic] = [newTrace(), env['KAFKA_TOPIC']!];
  await post(gateway.url, body(REFUSED), { traceparent: parentOf(traceId) });
  const dlq = `${topic}.dlq`;
  const names = [...namesOf(topic), `send ${dlq}`, `process ${dlq}`, 'insert dead_letters'];
  const spans = await spansOf(traceId, names);
  const process = spans.get(`process ${topic}`)!;
  expect(process).toMatchObject({ isError: true, attributes: { 'error.type': 'refused_by_store' } });
  const send = spans.get(`send ${topic}`)!;
  for (const name of [`send ${dlq}`, `process ${dlq}`]) expect(spans.get(name)?.parentSpanId).toBe(send.spanId);
  const refused = newTrace();
  await post(gateway.url, { ...body(), toUser: '' }, { traceparent: parentOf(refused) });
  const request = (await spansOf(refused, ['POST /messages'])).get('POST /messages');
  expect(request).toMatchObject({ isError: false, attributes: { 'http.response.status_code': 400 } });
});

test("a client's context is carried in the record where nothing is traced, and a malformed one is ignored", async () => {
  const [off, unsampled] = [newTrace(), newTrace()];
  const sends: [url: string, traceparent: string][] = [
    [untraced.url, parentOf(off)],
    [gateway.url, parentOf(unsampled, '00')],
    [gateway.url, 'no-traceparent'],
  ];
  const ids: string[] = [];
  for (const [url, traceparent] of sends) {
    const headers = { Prefer: 'wait=20', traceparent, tracestate: 'congo=t61' };
    ids.push(((await post(url, body(), headers)).body as Message).messageId);
  }
  const log = await readTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  const carried = ids.map((id) => {
    const record = log.find(({ headers }) => String(headers[HEADER.messageId]) === id);
    return [HEADER.traceparent, HEADER.tracestate].map((name) => record?.headers[name]?.toString());
  });
  expect(carried).toEqual([
    [parentOf(off), 'congo=t61'],
    [parentOf(unsampled, '00'), 'congo=t61'],
    [undefined, undefined],
  ]);
  // Ingest is traced and the client of the first says sampled: its part of the trace is there.
  await spansOf(off, [`process ${env['KAFKA_TOPIC']}`, 'insert messages']);
  expect(collector.spans(unsampled)).toEqual([]);
});

test('a message is followed by its id from the answer to the record, the log lines, the spans, the trace and the stored document', async () => {
  const traceId = newTrace();
  const headers = { Prefer: 'wait=20', traceparent: parentOf(traceId), 'X-Request-Id': 'order-4711' };
  const sent = await post(gateway.url, body('followed'), headers);
  const { messageId } = sent.body as Message;
  const place = Object.fromEntries(new URL(gateway.url + sent.headers.get('location')).searchParams);
  const [partition, offset] = [Number(place['partition']), Number(place['offset'])];
  const ids = { messageId, traceId, correlationId: 'order-4711' };
  const log = await readTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  const record = log.find((one) => one.partition === partition && one.offset === offset);
  expect(String(record?.headers[HEADER.messageId])).toBe(messageId);
  expect(String(record?.headers[HEADER.correlationId])).toBe('order-4711');
  expect(String(record?.headers[HEADER.traceparent])).toContain(traceId);
  const line = await eventually(async () => {
    const lines = gateway.output.split('\n').filter((text) => text.includes(messageId));
    expect(lines).toHaveLength(1);
    return JSON.parse(lines[0]!) as object;
  });
  expect(line).toMatchObject({ ...ids, partition, offset, route: '/messages', status: 201 });
  const spans = await spansOf(traceId, namesOf(env['KAFKA_TOPIC']!));
  expect(spans.get(`process ${env['KAFKA_TOPIC']}`)?.attributes['messaging.message.id']).toBe(messageId);
  const trace = (await (await fetch(`${gateway.url}/messages/${messageId}/trace`)).json()) as MessageTrace;
  expect(trace).toMatchObject({ ...ids, state: 'stored' });
  const store = await StoreReader.openFor(env);
  const stored = await allStored(store).finally(() => store.close());
  expect(stored.find((one) => one.messageId === messageId)).toMatchObject({ partition, offset, content: 'followed' });
});

test('a process that is told of no collector loads nothing of the SDK', () => {
  expect(untraced.output).not.toContain('the SDK is loaded');
  expect(gateway.output).toContain('the SDK is loaded');
});

test.each(['refuse', 'hang'] as const)(
  'a collector that may %s costs no message, and one line says so',
  async (mood) => {
    collector.mood = mood;
    const before = collector.exports;
    const counted = await countIn(gateway.url, 'ann', 'ben');
    const headers = { Prefer: 'wait=20', traceparent: parentOf(newTrace()) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(gateway.url, body(mood), headers)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await countIn(gateway.url, 'ann', 'ben')).toBe(counted + 50);
    await eventually(async () => expect(collector.exports).toBeGreaterThan(before));
    if (mood === 'refuse')
      await eventually(async () => expect(gateway.output).toContain('traces do not reach the collector'));
  },
);

test('a process stops in its time while the collector hangs', async () => {
  collector.mood = 'hang';
  await post(gateway.url, body(), { traceparent: parentOf(newTrace()) });
  expect(await Promise.all([gateway.end(), ingest.end()])).toEqual([0, 0]);
});
