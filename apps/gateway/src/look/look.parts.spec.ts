import { allTimes, latencyIn, timesBetween } from './counted.times.ts';
import { LagTrend } from './lag.trend.ts';
import { LeasePulse } from './lease.pulse.ts';
import { PARTITIONS_SHOWN, lookOf } from './look.builder.ts';
import { ingest, nothingSeen } from './look.double-spec.ts';
import { LookedPart } from './looked.part.ts';
import { knownEnds, type SeenOffsets } from './seen.ts';

const BASE = { sequence: 1, at: 0, by: 'g' };

test('a partition shows its broker, its reader, its lag and its rates; a broker that has copies and is away is gone', () => {
  const look = lookOf(
    nothingSeen({
      instances: {
        gateways: [],
        workers: [],
        ingests: [ingest('old', [0], { ageMs: 9000, status: 'silent' }), ingest('new', [0])],
      },
      replicas: [
        { partition: 0, leader: 1, replicas: [1, 2], inSync: [1] },
        { partition: 1, leader: -1, replicas: [2], inSync: [] },
      ],
      brokers: { brokers: [1, 3], controller: 3 },
      offsetsBefore: { at: 1000, ends: [100, 5], committed: new Map([[0, 80]]) },
      offsets: { at: 3000, ends: [300, undefined], committed: new Map([[0, 180]]) },
    }),
    BASE,
  );
  expect(look.partitions).toEqual([
    {
      ...{ partition: 0, leader: 1, replicas: [1, 2], inSync: [1], ingest: 'new' },
      ...{ end: 300, stored: 180, lag: 120, acceptedPerSecond: 100, storedPerSecond: 50 },
    },
    { partition: 1, replicas: [2], inSync: [] },
  ]);
  expect(look.totals).toEqual({ acceptedPerSecond: 100, storedPerSecond: 50, lag: 120 });
  expect(look.brokers).toEqual([
    { broker: 1, status: 'up', isController: false, leads: 1 },
    { broker: 2, status: 'gone', isController: false, leads: 0 },
    { broker: 3, status: 'up', isController: true, leads: 0 },
  ]);
});

test('a look shows a bounded number of partitions, and its totals count all', () => {
  const ends = Array.from({ length: 4000 }, () => 3);
  const look = lookOf(nothingSeen({ offsets: { at: 1, ends, committed: new Map() } }), BASE);
  expect([look.partitions.length, look.totals.lag]).toEqual([PARTITIONS_SHOWN, 12_000]);
});

test('a part that fails keeps its last value and says why; one that hangs is asked once and ends in its time', async () => {
  let answer: () => Promise<number> = async () => 1;
  let asked = 0;
  const part = new LookedPart({ server: 'Kafka', ask: () => ((asked += 1), answer()) });
  await part.look();
  expect([part.value, part.reason]).toEqual([1, undefined]);
  answer = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:9092'));
  await part.look();
  expect([part.value, part.reason]).toEqual([1, 'Kafka does not answer']);
  const hanging = Promise.withResolvers<number>();
  answer = () => hanging.promise;
  await part.look();
  await part.look();
  expect([part.value, part.reason, asked]).toEqual([1, 'Kafka does not answer', 3]);
  hanging.resolve(2);
  await part.look();
  expect([part.value, part.reason]).toEqual([2, undefined]);
});

test('a part with a period is not asked before it is over, unless it failed', async () => {
  let [now, asked] = [0, 0];
  const part = new LookedPart({ server: 'MongoDB', ask: () => (asked += 1), everyMs: 5000, now: () => now });
  await part.look();
  now = 4999;
  await part.look();
  expect(asked).toBe(1);
  now = 5000;
  await part.look();
  expect(asked).toBe(2);
});

test('a lease that is not renewed in its time leads no more, by the clock of the one who looks', () => {
  let now = 0;
  const pulse = new LeasePulse(() => now);
  const lease = (renewedAt: number) => ({
    ...{ term: 2, history: [] },
    holder: { term: 2, holder: 'm', since: 5, renewedAt, expiresAt: renewedAt + 10_000 },
  });
  expect(pulse.leaderOf(lease(777_000))).toEqual({ term: 2, holder: 'm', since: 5 });
  now = 10_001;
  expect(pulse.leaderOf(lease(777_000))).toBeUndefined();
  expect(pulse.leaderOf(lease(787_000))).toBeDefined();
  expect(pulse.leaderOf({ term: 2, history: [] })).toBeUndefined();
});

test('latencies are those between two pulses, of all ingests with the same buckets', () => {
  const bounds = [0.1, 1];
  const between = timesBetween({ bounds, counts: [5, 5, 5] }, { bounds, counts: [15, 25, 25] })!;
  expect(latencyIn(between)).toEqual({ p50: 100, p99: 982 });
  expect(latencyIn({ bounds, counts: [0, 0, 7] })).toEqual({ p50: 1000, p99: 1000 });
  expect(latencyIn({ bounds, counts: [0, 0, 0] })).toBeUndefined();
  expect(timesBetween({ bounds: [1], counts: [1, 1] }, { bounds, counts: [1, 1, 1] })).toBeUndefined();
  expect(allTimes([between, between, { bounds: [7], counts: [1, 1] }])).toEqual({ bounds, counts: [20, 40, 40] });
});

test('what waits in a partition that loses its leader still counts as lag, and a topic that was made anew begins with its own ends', () => {
  const lagOf = (ends: SeenOffsets['ends']) =>
    lookOf(nothingSeen({ offsets: { at: 2, ends, committed: new Map([[1, 10]]) } }), BASE).totals.lag;
  expect(lagOf(knownEnds([undefined, 10], [5000, 10]))).toBe(5000);
  expect(lagOf(knownEnds([undefined, 10]))).toBe(0);
  expect(knownEnds([3, 0], [5000, 10, 7])).toEqual([3, 0]);
});

test('a lag that comes and goes with each batch is no event; one that stays is one, and its end is one', () => {
  const trend = new LagTrend();
  const kinds = (...lags: (number | undefined)[]) =>
    lags.flatMap((lag) => trend.next(lag, 100)).map(({ kind }) => kind);
  expect(kinds(5000, 0, 5000, 0, 5000, 5000, 5000, 5000, 0)).toEqual([]);
  expect(kinds(5000, 5000, undefined, 5000, 6000, 7000)).toEqual(['lag_grows']);
  expect(kinds(8000, 9000, 500, 100, 0, 0, 0, 0, 0, 0, 0)).toEqual(['lag_gone']);
});
