import { RoundTracer, type RoundTrace } from './round.tracer.ts';
import { tracingDouble } from './tracing.double-spec.ts';

const tracerOf = (isOn = true) => {
  const { tracing, spans } = tracingDouble(isOn);
  return { tracer: new RoundTracer({ tracing, topic: 'chat', progress: 'messages.progress' }), spans };
};
const find = (trace: RoundTrace) => trace.found(() => new Map([['accepted', 3]]));

test('each span lies within its round, in its order', async () => {
  const { tracer, spans } = tracerOf();
  const trace = tracer.begin(1);
  expect(await trace.stream('accepted', async () => 'counted')).toBe('counted');
  find(trace);
  expect(await trace.write(async () => 'written')).toBe('written');
  trace.end();
  const [round, accepted, write] = spans;
  expect(spans).toHaveLength(3);
  expect(accepted!.startMs).toBeGreaterThanOrEqual(round!.startMs!);
  expect(accepted!.end!.endMs).toBeGreaterThanOrEqual(accepted!.startMs!);
  expect(write!.startMs).toBeGreaterThanOrEqual(accepted!.end!.endMs!);
  expect(round!.end!.endMs).toBeGreaterThanOrEqual(write!.end!.endMs!);
  expect(write).toMatchObject({ kind: 'client', attributes: { 'db.collection.name': 'messages.progress' } });
});

test('of rounds that fail for hours the first three have spans, and the next one that finds something', () => {
  const { tracer, spans } = tracerOf();
  for (let round = 0; round < 10_000; round += 1) tracer.begin(1).end(new TypeError('away'));
  const trace = tracer.begin(1);
  find(trace);
  trace.end();
  tracer.begin(1).end(new RangeError('another outage'));
  expect(spans.map(({ attributes, end }) => [attributes?.['wiber.attempt'], end?.error])).toEqual([
    [1, 'TypeError'],
    [2, 'TypeError'],
    [3, 'TypeError'],
    [10_001, undefined],
    [1, 'RangeError'],
  ]);
});

test('rounds that find nothing have no span', () => {
  const { tracer, spans } = tracerOf();
  for (let round = 0; round < 1000; round += 1) tracer.begin(1).end();
  expect(spans).toEqual([]);
});

test('without tracing the work is done, nothing of it is remembered, and no offset is looked at', async () => {
  const { tracer, spans } = tracerOf(false);
  const trace = tracer.begin(1);
  expect(trace).toBe(tracer.begin(2));
  expect(await trace.stream('stored', async () => 1)).toBe(1);
  expect(await trace.write(async () => 2)).toBe(2);
  trace.found(() => {
    throw new Error('nobody needs it');
  });
  trace.end(new Error('away'));
  expect(spans).toEqual([]);
});
