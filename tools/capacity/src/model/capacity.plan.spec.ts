import fc from 'fast-check';
import { capacityPlanOf, type CapacityPlan } from './capacity.plan.ts';
import { KNOWN_COSTS, inputOf } from './known.costs.double-spec.ts';
import { recordBytesOf } from './log.plan.ts';
import { INPUTS, type InputName, type PlanInput } from './plan.input.ts';

const NAMES = Object.keys(INPUTS) as InputName[];
const planOf = (input: PlanInput): CapacityPlan => capacityPlanOf(input, KNOWN_COSTS);

const numberOf = (name: InputName): fc.Arbitrary<number> => {
  const { from, to, isWhole } = INPUTS[name];
  // Small and large values alike: most users have few machines, and the bounds are far away.
  const spread = fc.double({ min: Math.log(from + 1), max: Math.log(to + 1), noNaN: true }).map((x) => Math.exp(x) - 1);
  return spread.map((value) => Math.min(to, Math.max(from, isWhole ? Math.round(value) : value)));
};
const inputs = fc.record(Object.fromEntries(NAMES.map((name) => [name, numberOf(name)]))) as fc.Arbitrary<PlanInput>;

/** Everything that somebody must pay for. */
const needsOf = ({ log, store, apps, network, totals }: CapacityPlan): Record<string, number> => ({
  partitions: log.partitions.count,
  brokers: log.brokers.count,
  shards: store.shards.count,
  mongods: store.members,
  gateways: apps.gateways.count,
  ingests: apps.ingests.count,
  metrics: apps.metrics.count,
  gatewayMemory: apps.gateways.memoryOfEach,
  disk: totals.diskBytes,
  memory: totals.memoryBytes,
  ...network,
});

const asList = (plan: CapacityPlan): number[] => Object.values(needsOf(plan));

test.each<InputName>(['users', 'messagesPerDay', 'bytes', 'days', 'logDays', 'peak', 'page', 'growth'])(
  'more %s never need fewer partitions, servers, processes, bytes of disk, memory or network',
  (name) => {
    fc.assert(
      fc.property(inputs, numberOf(name), (input, value) => {
        const less = planOf({ ...input, [name]: Math.min(input[name], value) });
        const more = needsOf(planOf({ ...input, [name]: Math.max(input[name], value) }));
        for (const [what, count] of Object.entries(needsOf(less)))
          // A share of floating point.
          expect({ what, isLess: more[what]! < count * (1 - 1e-9) }).toEqual({ what, isLess: false });
      }),
      { numRuns: 200 },
    );
  },
);

test('a shorter pause between two questions of a user never needs fewer servers or processes', () => {
  fc.assert(
    fc.property(inputs, numberOf('pollSeconds'), (input, value) => {
      const often = planOf({ ...input, pollSeconds: Math.min(input.pollSeconds, value) });
      const seldom = planOf({ ...input, pollSeconds: Math.max(input.pollSeconds, value) });
      expect(often.apps.gateways.count).toBeGreaterThanOrEqual(seldom.apps.gateways.count);
      expect(often.store.shards.count).toBeGreaterThanOrEqual(seldom.store.shards.count);
    }),
    { numRuns: 200 },
  );
});

test('a larger disk, cache or number of cores never needs more servers', () => {
  fc.assert(
    fc.property(
      inputs,
      fc.constantFrom<InputName>('diskGb', 'cacheGb', 'cores', 'iops'),
      fc.double({ min: 1, max: 8, noNaN: true }),
      (input, name, times) => {
        const value = Math.min(INPUTS[name].to, Math.floor(input[name] * times));
        const larger = planOf({ ...input, [name]: Math.max(input[name], value) });
        const plan = planOf(input);
        expect(larger.store.shards.count).toBeLessThanOrEqual(plan.store.shards.count);
        expect(larger.log.brokers.count).toBeLessThanOrEqual(plan.log.brokers.count);
      },
    ),
    { numRuns: 200 },
  );
});

test('within the bounds of the inputs every number is finite, and nothing is less than its least', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const plan = planOf(input);
      for (const need of asList(plan)) expect(Number.isFinite(need)).toBe(true);
      expect(plan.log.brokers.count).toBeGreaterThanOrEqual(input.replicas);
      expect(plan.store.members).toBe(plan.store.shards.count * input.replicas);
      expect(plan.log.partitions.count % 6).toBe(0);
      expect(plan.apps.ingests.count).toBeLessThanOrEqual(Math.max(plan.log.partitions.count, 2));
    }),
    { numRuns: 300 },
  );
});

test('the largest load within the bounds has a plan of finite size whose shards keep their bounds', () => {
  const most = Object.fromEntries(NAMES.map((name) => [name, INPUTS[name].to])) as unknown as PlanInput;
  const plan = planOf({ ...most, diskGb: 10, iops: 100, cores: 1, cacheGb: 0.25, pollSeconds: 1, burst: 1 });
  for (const need of asList(plan)) expect(Number.isFinite(need)).toBe(true);
  expect(Number.isSafeInteger(plan.store.shards.count)).toBe(true);
  expect(plan.store.work.divided.cores).toBeLessThanOrEqual(0.5);
});

test('what is kept fits the disks with room to spare, in the log and in each shard', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { log, store } = planOf(input);
      const room = input.diskGb * 1e9;
      expect(log.diskOfEach).toBeLessThanOrEqual(room * 0.7 + 1);
      const figures = log.partitions.count * 80_640 * 1500;
      expect(store.diskOfEach - figures).toBeLessThanOrEqual(room * 0.7 + 1);
    }),
    { numRuns: 300 },
  );
});

test('a record of 200 bytes takes the 556 bytes that libs/kafka writes, with names of 12 characters', () => {
  expect(recordBytesOf(200)).toBe(556);
});

test('what more machines do not lift is said: the one worker that counts, the partitions of a topic, their figures, and look-ups that every shard answers', () => {
  const huge = inputOf({ users: 100_000_000, messagesPerDay: 400, days: 3650, logDays: 3650 });
  const { limits } = planOf(huge);
  expect(limits).toEqual([
    expect.stringContaining('one metrics worker counts everything'),
    expect.stringMatching(/^\d+ partitions are more than the 4000/),
    expect.stringMatching(/^the figures of \d+ partitions and the oplog take /),
    expect.stringContaining('every shard answers that'),
  ]);
  expect(planOf(inputOf({ users: 1000, messagesPerDay: 40, days: 365 })).limits).toEqual([]);
});

test('where no sender waits, sharding divides all of the work', () => {
  const input = inputOf({ users: 10_000_000, messagesPerDay: 400, days: 365, waiting: 0 });
  expect(planOf(input).store.work.undivided).toEqual({ cores: 0, diskOperations: 0 });
});

test('a disk that figures and the oplog nearly fill is a limit, since shards do not divide these', () => {
  const input = { users: 1_000_000, messagesPerDay: 40, days: 3650, logDays: 3650 };
  const { limits, store } = planOf({ ...inputOf(input), diskGb: 10 });
  expect(limits).toEqual([
    expect.stringMatching(/^the figures of 408 partitions and the oplog take 49\.9 GB of one mongod/),
  ]);
  expect(store.shards.because).toBe('disk');
  expect(planOf({ ...inputOf(input), diskGb: 1000 }).limits).toEqual([]);
});
