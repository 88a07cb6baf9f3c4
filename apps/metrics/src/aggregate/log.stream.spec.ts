import { PositionGoneError, type FetchPlan, type FetchResult, type FetchedPartition } from '@wiber/kafka';
import type { Lead } from '../leadership/leader.task.ts';
import { LeadLostError, type Clocks } from './counted.stream.ts';
import { LogStream } from './log.stream.ts';
import { CLOCKS, KEPT, NOW, leadOf, progressOf, writerDouble } from './round.double-spec.ts';

const recordsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => {
    return { offset: from + index, timestamp: NOW - 100 + index, key: null, value: null, headers: {} };
  });

const partitionOf = (
  partition: number,
  { from = 0, to = 0, end = to }: { from?: number; to?: number; end?: number },
): FetchedPartition => {
  return { partition, records: recordsOf(from, to), next: to, end };
};

/** A stream whose fetches the test answers, one after the other. `asked` has the positions of each fetch. */
const streamWith = (
  results: Partial<FetchResult>[],
  { starts = {}, ends = [] }: { starts?: Record<number, number>; ends?: (number | undefined)[] } = {},
) => {
  const asked: [number, number][][] = [];
  const excepted: number[][] = [];
  const bytes: number[][] = [];
  const lines: string[] = [];
  const state = { now: 0 };
  const { offsets, writer } = writerDouble();
  const stream = new LogStream(
    {
      topic: 'chat',
      keptMs: KEPT,
      writer,
      fetcher: {
        fetch: async ({ positions, except = new Set(), partitionBytes, brokerBytes }: FetchPlan) => {
          bytes.push([partitionBytes, brokerBytes]);
          asked.push([...positions]);
          excepted.push([...except]);
          return { partitions: 1, fetched: [], failures: [], ...results.shift() };
        },
      },
      probe: {
        endsOf: async () => ends,
        starts: async () => new Map(Object.entries(starts).map(([partition, low]) => [Number(partition), low])),
      },
      logger: {
        warn: (_: object, line: string) => lines.push(line),
        error: (_: object, line: string) => lines.push(line),
      },
      now: () => state.now,
    } as unknown as ConstructorParameters<typeof LogStream>[0],
    {
      read: 'chat',
      stream: 'accepted',
      factOf: ({ offset, timestamp }) => ({ offset, at: timestamp, counts: {}, samples: {} }),
    },
  );
  const count = (
    positions: Record<number, number> = {},
    {
      lead = leadOf(),
      known = [],
      now = CLOCKS,
      share = 1,
    }: { lead?: Lead; known?: number[]; now?: Clocks; share?: number } = {},
  ) => {
    const progress = progressOf('accepted', positions);
    for (const partition of known) progress.gauges.accepted.set(partition, { end: 9 });
    return stream.count({ lead, now, progress, share });
  };
  return { count, asked, excepted, bytes, offsets, lines, state };
};

test('records are counted from the position on, and the position moves behind them', async () => {
  const { count, asked, offsets } = streamWith([{ fetched: [partitionOf(0, { from: 3, to: 6 })] }]);
  const counted = await count({ 0: 3 });
  expect([asked, offsets]).toEqual([[[[0, 3]]], [3, 4, 5]]);
  expect(counted.next).toEqual(new Map([[0, 6]]));
  expect(counted.gauges).toEqual(new Map([[0, { end: 6, isStopped: false }]]));
});

test('a round that is to count less asks the brokers for less', async () => {
  const { count, bytes } = streamWith([{}, {}]);
  await count();
  await count({}, { share: 1 / 4 });
  const MIB = 1024 * 1024;
  expect(bytes).toEqual([
    [1.5 * MIB, 6 * MIB],
    [0.375 * MIB, 1.5 * MIB],
  ]);
});

test('at the end of the log all before the round is counted; before the end, all before the last record', async () => {
  const idle = streamWith([{ partitions: 2, fetched: [partitionOf(0, { to: 2 }), partitionOf(1, {})] }]);
  expect(await idle.count()).toMatchObject({ completeTo: NOW, hasMore: false });
  const busy = streamWith([{ partitions: 2, fetched: [partitionOf(0, { to: 2, end: 9 }), partitionOf(1, {})] }]);
  expect(await busy.count()).toMatchObject({ completeTo: NOW - 99, hasMore: true });
});

test('no time is complete by one clock alone: the earlier of both decides', async () => {
  const { count } = streamWith([{ fetched: [partitionOf(0, { to: 2 })] }]);
  const counted = await count({}, { now: { earliest: NOW - 5, latest: NOW + 3_600_000 } });
  expect(counted.completeTo).toBe(NOW - 5);
});

test('while a leader does not answer, no time is complete, and the other partitions are counted', async () => {
  const { count, lines } = streamWith([
    { partitions: 2, fetched: [partitionOf(0, { to: 2 })], failures: [new Error('no answer')] },
  ]);
  expect(await count()).toMatchObject({ completeTo: undefined, next: new Map([[0, 2]]) });
  expect(lines).toHaveLength(1);
});

test('where records were deleted before they were counted, counting goes on at the start of the log', async () => {
  const gone = new PositionGoneError(0, { cause: undefined });
  const { count, asked, lines } = streamWith([{ failures: [gone] }, {}], { starts: { 0: 40 } });
  await count({ 0: 7 });
  await count({ 0: 7 });
  expect(asked).toEqual([[[0, 7]], [[0, 40]]]);
  expect(lines).toEqual(['records were deleted before they were counted']);
});

test('a log that is shorter than what was counted rests, so that the others of its leader are counted, and each 10 s a line says what to do', async () => {
  const gone = new PositionGoneError(0, { cause: undefined });
  const others = { partitions: 2, fetched: [partitionOf(1, { to: 3 })] };
  const { count, excepted, lines, state } = streamWith([{ failures: [gone] }, others, { failures: [gone] }, others], {
    starts: { 0: 0 },
  });
  await count({ 0: 7 });
  expect(lines).toEqual([expect.stringContaining('the topic was made anew')]);
  expect(await count({ 0: 7 })).toMatchObject({
    next: new Map([[1, 3]]),
    gauges: new Map<number, object>([
      [0, { isStopped: true }],
      [1, { end: 3, isStopped: false }],
    ]),
  });
  state.now = 10_000;
  await count({ 0: 7 });
  await count({ 0: 7 });
  expect(excepted).toEqual([[], [0], [], [0]]);
  expect(lines).toHaveLength(2);
});

test('a position that is gone is not settled while nobody leads its partition: it does not rest as a shorter log does', async () => {
  const gone = new PositionGoneError(0, { cause: undefined });
  const { count, excepted, lines } = streamWith([{ failures: [gone] }, {}], { starts: {} });
  await count({ 0: 7 });
  await count({ 0: 7 });
  expect(excepted).toEqual([[], []]);
  expect(lines).toEqual([]);
});

test('of a log that is shorter than what was counted the end is that of now: no backlog is shown that nobody has', async () => {
  const gone = new PositionGoneError(0, { cause: undefined });
  const { count } = streamWith([{ failures: [gone] }], { starts: { 0: 0 }, ends: [4] });
  expect((await count({ 0: 7 })).gauges).toEqual(new Map([[0, { isStopped: true, end: 4 }]]));
});

test('a batch that can not be decoded stops its own partition only, which rests and is said', async () => {
  const unreadable = { ...partitionOf(0, { end: 5 }), unreadable: new Error('no codec') } as FetchedPartition;
  const { count, excepted, lines } = streamWith([
    { partitions: 2, fetched: [unreadable, partitionOf(1, { to: 3 })] },
    { partitions: 2, fetched: [partitionOf(1, { from: 3, to: 3 })] },
  ]);
  const counted = await count();
  expect([counted.next.get(0), counted.next.get(1), counted.hasMore]).toEqual([0, 3, false]);
  expect(counted.gauges.get(0)).toEqual({ end: 5, isStopped: true });
  await count({ 1: 3 });
  expect(excepted).toEqual([[], [0]]);
  expect(lines).toEqual(["a batch can't be decoded; nothing behind it is counted"]);
});

test('a partition that is stopped keeps no window of the others open', async () => {
  const unreadable = { ...partitionOf(0, { end: 5 }), unreadable: new Error('no codec') } as FetchedPartition;
  const { count } = streamWith([
    { partitions: 2, fetched: [unreadable, partitionOf(1, { to: 3 })] },
    { partitions: 2, fetched: [partitionOf(1, { from: 3, to: 3 })] },
  ]);
  expect(await count()).toMatchObject({ completeTo: NOW, isWhole: true });
  expect(await count({ 1: 3 })).toMatchObject({ completeTo: NOW, isWhole: true });
});

test('records behind an open transaction are waited for: no time after the last readable record is complete', async () => {
  // The end is that of the log, also where nothing can be read up to it.
  const { count } = streamWith([
    { fetched: [partitionOf(0, { to: 2, end: 202 })] },
    { fetched: [partitionOf(0, { from: 2, to: 2, end: 202 })] },
  ]);
  expect(await count()).toMatchObject({ completeTo: NOW - 99 });
  const waiting = await count({ 0: 2 });
  expect(waiting).toMatchObject({ completeTo: 0, hasMore: false });
  expect(waiting.gauges.get(0)?.end).toBe(202);
});

test('after a cut all partitions move at once, in one line, and the next round follows at once', async () => {
  const starts = Object.fromEntries(Array.from({ length: 40 }, (_, partition) => [partition, 1]));
  const gone = new PositionGoneError(7, { cause: undefined });
  const { count, asked, lines } = streamWith([{ partitions: 40, failures: [gone] }, { partitions: 40 }], { starts });
  expect(await count()).toMatchObject({ hasMore: true });
  await count();
  expect(asked[1]).toEqual(Array.from({ length: 40 }, (_, partition) => [partition, 1]));
  expect(lines).toEqual(['records were deleted before they were counted']);
});

test('of a topic that was made anew with fewer partitions, the gauges of the others go', async () => {
  const { count } = streamWith([{ partitions: 2, fetched: [partitionOf(0, {}), partitionOf(1, {})] }]);
  const counted = await count({}, { known: [0, 1, 2, 5] });
  expect(counted.gone).toEqual(new Set([2, 5]));
});

test('a topic that is not there for a moment loses no gauge', async () => {
  const { count } = streamWith([{ partitions: 0 }]);
  expect((await count({}, { known: [0, 1] })).gone).toEqual(new Set());
});

test('a leader of the past writes nothing, once it knows', async () => {
  const { count, offsets } = streamWith([{ fetched: [partitionOf(0, { to: 2 })] }]);
  await expect(count({}, { lead: leadOf(() => false) })).rejects.toThrow(LeadLostError);
  expect(offsets).toEqual([]);
});
