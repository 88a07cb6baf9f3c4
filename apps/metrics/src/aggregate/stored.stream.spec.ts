import type { PartitionGauges, PlaceRange } from '@wiber/mongo';
import { CLOCKS, KEPT, NOW, leadOf, progressOf, writerDouble } from './round.double-spec.ts';
import { StoredStream } from './stored.stream.ts';

/** A stream over a store that has a message at every place. `read` has the ranges that were read. */
const streamWith = (committed: Record<number, number>, since: Record<number, number> = {}) => {
  const asked: [number, number][][] = [];
  const read: PlaceRange[] = [];
  const { offsets, writer } = writerDouble();
  const stream = new StoredStream({
    topic: 'chat',
    keptMs: KEPT,
    logger: { error: () => undefined },
    writer: writer as ConstructorParameters<typeof StoredStream>[0]['writer'],
    committed: async () => new Map(Object.entries(committed).map(([partition, to]) => [Number(partition), to])),
    backlog: {
      waitingSince: async (behind) => {
        asked.push([...behind]);
        return new Map(Object.entries(since).map(([partition, at]) => [Number(partition), at]));
      },
    },
    times: {
      read: async (range) => {
        read.push(range);
        const next = Math.min(range.to, range.from + range.limit);
        const times = Array.from({ length: next - range.from }, (_, index) => {
          return { offset: range.from + index, acceptedAt: NOW - 5, storedAt: NOW };
        });
        return { times, next };
      },
    },
  });
  const count = (
    known: Record<number, number>,
    ends: Record<number, number> = {},
    { gauges = {}, share = 1 }: { gauges?: Record<number, PartitionGauges>; share?: number } = {},
  ) => {
    const progress = progressOf('stored', known);
    for (const [partition, end] of Object.entries(ends)) progress.gauges.accepted.set(Number(partition), { end });
    for (const [partition, each] of Object.entries(gauges)) progress.gauges.stored.set(Number(partition), each);
    return stream.count({ lead: leadOf(), now: CLOCKS, progress, share });
  };
  return { count, read, offsets, asked };
};

test('only what ingest has committed since the last round is read', async () => {
  const { count, read, offsets } = streamWith({ 0: 12, 1: 7 });
  const counted = await count({ 0: 9, 1: 7 });
  expect(read).toEqual([expect.objectContaining({ partition: 0, from: 9, to: 12 })]);
  expect([offsets, counted.next, counted.hasMore]).toEqual([[9, 10, 11], new Map([[0, 12]]), false]);
  expect(counted.gauges.get(0)).toEqual({ committed: 12, waitingSince: null });
});

test('a round that is to count less reads fewer documents, and the next one goes on behind them', async () => {
  const { count, offsets } = streamWith({ 0: 5000 });
  const counted = await count({ 0: 0 }, {}, { share: 1 / 4 });
  expect([offsets.length, counted.next, counted.hasMore]).toEqual([500, new Map([[0, 500]]), true]);
});

test('where counting begins is agreed on before anything is counted: of a large store the last 100,000 places', async () => {
  const { count, read } = streamWith({ 0: 60, 1: 5_000_000 });
  const counted = await count({});
  expect([read, counted.next.size, counted.hasMore]).toEqual([[], 0, true]);
  expect(counted.begin).toEqual(
    new Map([
      [0, 0],
      [1, 4_900_000],
    ]),
  );
});

test('a long stretch is read in portions, and says that there is more', async () => {
  const { count } = streamWith({ 0: 5000 });
  const first = await count({ 0: 0 });
  expect([first.next.get(0), first.hasMore, first.completeTo]).toEqual([2000, true, undefined]);
  const last = await count({ 0: 4000 });
  expect([last.next.get(0), last.hasMore, last.completeTo]).toEqual([5000, false, NOW - 10_000]);
});

test('a committed offset that goes back, as after a reset of the group, is no reason to count again', async () => {
  const { count, read } = streamWith({ 0: 3 });
  expect((await count({ 0: 9 })).next.size).toBe(0);
  expect(read).toEqual([]);
});

test('of a partition that ingest is behind in, the time of its oldest waiting record is looked at', async () => {
  const { count, asked } = streamWith({ 0: 5, 1: 9 }, { 0: NOW - 700 });
  const { gauges } = await count({ 0: 5, 1: 9 }, { 0: 8, 1: 9 });
  expect(asked).toEqual([[[0, 5]]]);
  expect([...gauges.values()]).toEqual([
    { committed: 5, waitingSince: NOW - 700 },
    { committed: 9, waitingSince: null },
  ]);
});

test('a partition that ingest has never committed waits since its oldest record, or since somebody saw that there is one', async () => {
  const looked = streamWith({}, { 0: NOW - 700 });
  expect((await looked.count({ 0: 0 }, { 0: 300 })).gauges.get(0)).toEqual({ committed: 0, waitingSince: NOW - 700 });
  expect(looked.asked).toEqual([[[0, 0]]]);
  const unseen = streamWith({ 0: 5 });
  expect((await unseen.count({ 0: 5 }, { 0: 6 })).gauges.get(0)).toEqual({ committed: 5, waitingSince: NOW });
});

test('a wait that no look can date keeps the time at which it was first seen, until ingest goes on', async () => {
  const { count } = streamWith({ 0: 5 });
  const seen = { committed: 5, waitingSince: NOW - 60_000 };
  expect((await count({ 0: 5 }, { 0: 6 }, { gauges: { 0: seen } })).gauges.get(0)).toEqual(seen);
  const before = { ...seen, committed: 4 };
  expect((await count({ 0: 5 }, { 0: 6 }, { gauges: { 0: before } })).gauges.get(0)?.waitingSince).toBe(NOW);
});

test('what ingest stores in a partition before its first commit was seen is counted, also when no worker runs at that commit', async () => {
  const first = await streamWith({}).count({}, { 0: 40, 1: 900_000 });
  expect(first.begin).toEqual(
    new Map([
      [0, 0],
      [1, 800_000],
    ]),
  );
});

test('gauges of partitions that the topic and the group do not have any more go', async () => {
  const { count } = streamWith({ 0: 5 });
  const { gone } = await count({ 0: 5 }, { 1: 3 }, { gauges: { 0: { committed: 5 }, 1: {}, 2: { committed: 9 } } });
  expect(gone).toEqual(new Set([2]));
});
