import { readBenchFile } from '../bench/bench.file.ts';
import { capacityPlanOf } from './capacity.plan.ts';
import { KNOWN_COSTS, KNOWN_FILE, inputOf } from './known.costs.double-spec.ts';

/** As the bench filled its store: one server of each kind, a cache of 1 GB, 100,000 conversations, 3.6 million messages an hour. */
const benchStore = (stored: number, keyed: number, days = 1) =>
  capacityPlanOf(
    inputOf({
      users: 50_000,
      messagesPerDay: stored / 50_000,
      days,
      logDays: 1,
      keyed,
      burst: 36,
      replicas: 1,
      growth: 1,
      cacheGb: 1,
      cores: 2,
      diskGb: 200,
    }),
    KNOWN_COSTS,
  );

const { growth, cpu } = readBenchFile(KNOWN_FILE);

test.each([
  ['ids in time order', 0, growth!.time],
  ['ids at random', 100, growth!.random],
])(
  'a laptop with 10 million messages, %s: the bytes of a message are within 10 %% of what was measured',
  (_, keyed, series) => {
    const { sizes } = series.last;
    expect(sizes.messages).toBe(10_000_000);
    const measured = Object.values(sizes.indexes).reduce((sum, bytes) => sum + bytes, sizes.data + sizes.activity);
    // It was measured before there was an index by Lamport time.
    const all = benchStore(10_000_000, keyed).store.bytesOfMessage.all - KNOWN_COSTS.bytes.byLamport.value;
    const planned = all * 10_000_000;
    expect(Math.abs(planned / measured - 1)).toBeLessThan(0.1);
  },
);

test('docs/performance.md says 550 to 670 bytes a message without the index by Lamport time, and so does the plan of a laptop', () => {
  for (const keyed of [0, 100]) {
    const all = benchStore(10_000_000, keyed).store.bytesOfMessage.all - KNOWN_COSTS.bytes.byLamport.value;
    expect(all).toBeGreaterThan(550);
    expect(all).toBeLessThan(670);
  }
});

test('at the rate that the bench reached on two cores, the plan has the processes busy with as many cores as were measured', () => {
  const rate = 9379;
  const users = 1000;
  const messagesPerDay = (rate * 86_400) / users;
  const input = inputOf({ users, messagesPerDay, peak: 1, keyed: 0, pollSeconds: 86_400, days: 1, replicas: 1 });
  const { apps } = capacityPlanOf(input, KNOWN_COSTS);
  const opens = rate * KNOWN_COSTS.gateway.conversationPage.value;
  const planned = apps.gateways.cores + apps.ingests.cores + apps.metrics.cores - opens / 1000;
  const measured = ((cpu!['gateway-1'] + cpu!['ingest-1'] + cpu!['metrics-1']) * rate) / 1000;
  expect(Math.abs(planned / measured - 1)).toBeLessThan(0.02);
});

test('one replica set of a laptop whose indexes are as large as those that were measured is within what was measured, and one of a hundred days of it is not', () => {
  expect(benchStore(7_000_000, 100).store).toMatchObject({ isMeasured: true, shards: { count: 1 } });
  expect(benchStore(10_000_000, 100, 100).store).toMatchObject({ isMeasured: false });
});
