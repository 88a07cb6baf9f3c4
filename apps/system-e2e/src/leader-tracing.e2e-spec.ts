import { AppProcess, OtlpCollector, appendRaw, eventually, freshSystem, type CollectedSpan } from '@wiber/harness';

let env: Record<string, string>;
let collector: OtlpCollector;
let worker: AppProcess;
let untraced: AppProcess;

beforeAll(async () => {
  env = await freshSystem();
  collector = await OtlpCollector.start();
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '1' };
  worker = await AppProcess.start('metrics', { ...env, ...traced });
  await eventually(async () => expect(await worker.metric('wiber_leader')).toBe(1));
  untraced = await AppProcess.start('metrics', { ...env, INSTANCE: 'metrics-2' });
});

afterAll(async () => {
  await Promise.all([worker?.end(), untraced?.end()]);
  await collector?.close();
});

const rounds = (): CollectedSpan[] => collector.spans().filter(({ name }) => name === `count ${env['KAFKA_TOPIC']}`);
const send = (count: number) =>
  appendRaw(
    env,
    Array.from({ length: count }, () => ({ key: 'ann:ben', value: Buffer.from('{}'), partition: 0 })),
  );
/** The offsets of accepted messages that all rounds together have moved on. */
const accepted = () =>
  collector
    .spans()
    .filter(({ name }) => name === 'accepted')
    .reduce((sum, { attributes }) => sum + Number(attributes['wiber.offsets'] ?? 0), 0);
const runsOfWorker = () => worker.metric('wiber_leader_task_duration_seconds_count', { labels: { task: 'aggregate' } });
/** Resolves once the leader has counted so often. */
const counts = async (runs: number) => {
  const before = await runsOfWorker();
  await eventually(async () => expect(await runsOfWorker()).toBeGreaterThan(before + runs));
};

test('a round that counts records is one trace of its streams and the write of the positions, with the term of the leader', async () => {
  await send(5);
  await eventually(() => expect(accepted()).toBe(5));
  const round = rounds().find(({ traceId }) =>
    collector.spans(traceId).some(({ attributes }) => Number(attributes['wiber.offsets']) > 0),
  )!;
  expect(round).toMatchObject({ parentSpanId: '', kind: 1, isError: false });
  expect(round.attributes).toMatchObject({ 'wiber.term': 1 });
  expect(round.resource).toMatchObject({ 'service.name': 'wiber-metrics', 'service.instance.id': 'metrics-1' });
  const parts = collector.spans(round.traceId).filter(({ spanId }) => spanId !== round.spanId);
  expect(parts.map(({ name }) => name).toSorted()).toEqual(
    ['accepted', 'dead_lettered', 'stored', `update ${env['MONGO_COLLECTION'] ?? 'messages'}.progress`].toSorted(),
  );
  expect(new Set(parts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([round.spanId]));
});

test('rounds that find nothing new, renewals, and a worker that waits send no span', async () => {
  // On a busy machine a call may fail: that has a span.
  const wells = () => collector.spans().filter(({ isError }) => !isError).length;
  await counts(3);
  const before = wells();
  await counts(5);
  expect(wells()).toBe(before);
  await send(2);
  await eventually(() => expect(accepted()).toBe(7));
});

test('a worker that stops sends the trace of its term, and one that is told of no collector sends none', async () => {
  expect(await worker.end('SIGTERM')).toBe(0);
  const [taking] = collector.spans().filter(({ name }) => name === 'acquire lease');
  const term = collector.spans(taking!.traceId);
  expect(term.map(({ name }) => name)).toEqual(['acquire lease', 'lead', 'release lease']);
  expect(term[1]).toMatchObject({
    parentSpanId: taking!.spanId,
    isError: false,
    attributes: { 'wiber.term': 1, 'wiber.outcome': 'stopped' },
  });
  expect(term[2]).toMatchObject({ parentSpanId: term[1]!.spanId, attributes: { 'db.collection.name': 'leases' } });
  // The other worker is told of no collector.
  await eventually(async () => expect(await untraced.metric('wiber_leader')).toBe(1));
  expect(new Set(collector.spans().map(({ resource }) => resource['service.instance.id']))).toEqual(
    new Set(['metrics-1']),
  );
});
