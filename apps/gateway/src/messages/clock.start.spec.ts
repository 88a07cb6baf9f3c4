import { LamportClock } from '@wiber/contracts';
import { ClockStart, LEAP } from './clock.start.ts';
import { ModelLog, recordOf } from './model.log.double-spec.ts';

/** A gateway that starts on a log; `line` is the last thing that it logged. */
const startOn = (log: ModelLog, { hasSeenStore = true, store = 0, now = (): number => 0, ports = {} } = {}) => {
  const clock = new LamportClock(store);
  const lines: string[] = [];
  const write = (_: object, line: string) => void lines.push(line);
  const start = new ClockStart({
    topic: 'chat',
    group: 'g',
    probe: log.probe,
    fetcher: log.fetcher,
    clock,
    hasSeenStore: () => hasSeenStore,
    logger: { info: write, warn: write } as never,
    now,
    ...ports,
  });
  return { clock, lines, run: (isStopping = () => false) => start.run(isStopping) };
};
/** Each look at it is so many milliseconds later. */
const ticking = (ms: number) => {
  let at = 0;
  return () => (at += ms);
};

test('the clock starts behind what ingest has noted and behind what the log has after that, of all partitions', async () => {
  const log = new ModelLog(3);
  for (const lamport of [50, 3, 4]) log.append(0, lamport);
  for (const lamport of [7, 90, 8]) log.append(1, lamport);
  log.commit(0, 3, '-32');
  log.commit(1, 1, '-7');
  const { clock, lines, run } = startOn(log, { hasSeenStore: false });
  await run();
  expect(clock.tick()).toBe(91);
  expect(lines).toEqual(['the Lamport clock is behind all messages of the log']);
});

test('the last message of a partition need not have its largest time', async () => {
  const log = new ModelLog(1);
  for (const lamport of [99, 5]) log.append(0, lamport);
  log.commit(0, 2, '-63');
  const { clock, run } = startOn(log, { store: 5 });
  await run();
  expect(clock.now).toBe(99);
});

test('a log that nobody has read yet is read from its first record, in as many reads as it takes', async () => {
  const log = new ModelLog(2);
  for (let n = 1; n <= 100; n += 1) log.append(n % 2, n);
  log.fetchMax = 7;
  const { clock, run } = startOn(log);
  await run();
  expect(clock.now).toBe(100);
});

test('an empty topic leaves the clock at 0, and nothing is fetched', async () => {
  const { clock, run } = startOn(new ModelLog(2), {
    ports: { fetcher: { fetch: () => Promise.reject(new Error('not expected')) } },
  });
  await run();
  expect(clock.now).toBe(0);
});

test('behind an offset that an earlier version committed the stored messages tell the time, where the store was seen', async () => {
  const log = new ModelLog(1);
  for (const lamport of [40, 41, 42]) log.append(0, lamport);
  log.commit(0, 2, '68f0a1b200000001');
  const seen = startOn(log, { store: 41 });
  await seen.run();
  expect(seen.clock.now).toBe(42);
  expect(seen.lines.at(-1)).toContain('ingest notes the largest time with the next offset');
  const blind = startOn(log, { hasSeenStore: false });
  await blind.run();
  expect(blind.clock.now).toBe(42 + LEAP);
});

test('records that were deleted before anybody noted their times are no reason to wait', async () => {
  const log = new ModelLog(1);
  for (const lamport of [40, 41]) log.append(0, lamport);
  log.starts[0] = 2;
  const { clock, run } = startOn(log, { store: 7 });
  await run();
  expect(clock.now).toBe(7);
});

test('where the group has an offset behind the end, which is of a topic that was made anew, the log is read from its first record', async () => {
  const log = new ModelLog(1);
  for (const lamport of [70, 71]) log.append(0, lamport);
  log.commit(0, 9, '-9');
  const { clock, run } = startOn(log, { hasSeenStore: false });
  await run();
  expect(clock.now).toBe(71);
});

test('a foreign record whose time no clock follows, and one that is no message, are passed over', async () => {
  const log = new ModelLog(1);
  for (const lamport of [4, 2 ** 52 + 1, -3, 5]) log.append(0, lamport);
  const { clock, run } = startOn(log);
  await run();
  expect(clock.now).toBe(5);
});

test.each([
  ['that takes too long', ticking(20_000), Infinity],
  ['that brings nothing more, as behind an open transaction', ticking(1000), 0],
])('a read %s ends with a leap, and with a line that says so', async (_, now, fetchMax) => {
  const log = new ModelLog(1);
  for (let n = 1; n <= 5000; n += 1) log.append(0, n);
  log.fetchMax = fetchMax === 0 ? 0 : 100;
  const { clock, lines, run } = startOn(log, { now });
  await run();
  expect(clock.now).toBeGreaterThanOrEqual(LEAP);
  expect(lines.at(-1)).toContain('the clock went ahead by 2^31');
});

test('a gateway that leaps again is behind its first leap: it has looked at the last records', async () => {
  const log = new ModelLog(1);
  for (let n = 1; n <= 50_000; n += 1) log.append(0, n);
  log.fetchMax = 1000;
  const first = startOn(log, { now: ticking(20_000) });
  await first.run();
  const sent = first.clock.tick();
  log.append(0, sent);
  const second = startOn(log, { now: ticking(20_000) });
  await second.run();
  expect(second.clock.tick()).toBeGreaterThan(sent);
});

test('Kafka is asked again until it says what the log and the group have; a broker that fails a read is asked again', async () => {
  const log = new ModelLog(1);
  log.append(0, 9);
  let failures = 2;
  const flaky =
    <T>(answer: () => Promise<T>) =>
    async () => {
      if ((failures -= 1) >= 0) throw new Error('not yet');
      return answer();
    };
  const { clock, run } = startOn(log, { ports: { probe: { ...log.probe, committed: flaky(log.probe.committed) } } });
  await run();
  expect(clock.now).toBe(9);
  failures = 1;
  const fetch = flaky(async () => log.fetcher.fetch({ positions: new Map() } as never));
  const again = startOn(log, { ports: { fetcher: { fetch } } });
  await again.run();
  expect(again.clock.now).toBe(9);
});

test('while Kafka does not say what the log has, the gateway leaps in the end and takes messages', async () => {
  const log = new ModelLog(1);
  const probe = { ...log.probe, endsOf: () => Promise.reject(new Error('away')) };
  const { clock, run } = startOn(log, { now: ticking(6000), ports: { probe } });
  await run();
  expect(clock.now).toBe(LEAP);
});

test('a partition without a leader is waited for, and then leapt over', async () => {
  const log = new ModelLog(2);
  log.append(0, 3);
  const probe = { ...log.probe, endsOf: async () => [1, undefined] };
  const fetch = async () => ({
    partitions: 2,
    fetched: [{ partition: 0, records: [recordOf(0, 3)], next: 1, end: 1 }],
    failures: [],
  });
  const { clock, run } = startOn(log, { now: ticking(1000), ports: { probe, fetcher: { fetch } } });
  await run();
  expect(clock.now).toBe(3 + LEAP);
});

test('a gateway that stops meanwhile reads no more', async () => {
  const log = new ModelLog(1);
  log.append(0, 3);
  const { clock, lines, run } = startOn(log);
  await run(() => true);
  expect([clock.now, lines]).toEqual([0, []]);
});
