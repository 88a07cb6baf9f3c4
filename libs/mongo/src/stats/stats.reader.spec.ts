import { mongo } from 'mongoose';
import { SAMPLE_SIZE, type Figures } from '@wiber/contracts';
import type { StoreReads } from '../connection/store.reads.ts';
import { StatsReader } from './stats.reader.ts';
import type { WindowDocument } from './window.schema.ts';

const HOUR = 3_600_000;
const LIMITS = { withinMs: 1000 };
const QUERY = { topic: 'chat', stream: 'accepted', size: 'hour', part: 'users', from: 0, to: 100 * HOUR } as const;
const USERS = { name: 'users', of: ({ samples }: Figures) => samples['users']?.length ?? 0 };

/** The documents of one window in each of so many hours, from `partitions` partitions with full samples. */
const documentsOf = (hours: number, partitions: number): WindowDocument[] =>
  Array.from({ length: hours * partitions }, (_, index) => ({
    _id: {
      topic: 'chat',
      stream: 'accepted',
      span: 'hour',
      start: Math.floor(index / partitions) * HOUR,
      partition: index % partitions,
    },
    upTo: 10,
    counts: { records: 1 },
    samples: { users: Array.from({ length: SAMPLE_SIZE.hour }, (_unused, hash) => 2 ** 40 + hash * 7 + index) },
    term: 1,
  }));

/** A reader of a store that has these documents. `found` has how many documents each find gave, and how many bytes. */
const readerOf = (documents: WindowDocument[]) => {
  const found: { documents: number; bytes: number }[] = [];
  const placeOf = ({ start, partition = -1 }: { start: number; partition?: number }) => start * 10_000 + partition;
  const group = (): object[] => {
    const rows = new Map<number, { _id: number; upTo: number; documents: number }>();
    for (const { _id, upTo } of documents) {
      const row = rows.get(_id.start) ?? { _id: _id.start, upTo: 0, documents: 0 };
      rows.set(_id.start, { ...row, upTo: row.upTo + upTo, documents: row.documents + 1 });
    }
    return [...rows.values()];
  };
  const find = ({ filter, limit }: { filter: { _id: Record<'$gt' | '$lt', { start: number }> }; limit: number }) => {
    const { $gt, $lt } = filter._id;
    return documents.filter(({ _id }) => placeOf(_id) > placeOf($gt) && placeOf(_id) < placeOf($lt)).slice(0, limit);
  };
  const run = async (command: mongo.Document) => {
    const rows = 'aggregate' in command ? group() : find(command as Parameters<typeof find>[0]);
    const firstBatch = rows.map((row) => mongo.BSON.serialize(row));
    const bytes = firstBatch.reduce((sum, { length }) => sum + length, 0);
    if ('find' in command) found.push({ documents: rows.length, bytes });
    return { cursor: { firstBatch } };
  };
  const reader = new StatsReader({ runNewest: run } as unknown as StoreReads, {
    windows: 'windows',
    progress: 'progress',
  });
  return { reader, found };
};

/** A view that shows so many windows and no more. */
const failingAfter = (windows: number) => {
  let left = windows;
  return (figures: Figures) => {
    if (left === 0) throw new Error('time is up');
    left -= 1;
    return USERS.of(figures);
  };
};

test('of full samples at most 256 KiB are read and decoded in one turn', async () => {
  const { reader, found } = readerOf(documentsOf(5, 6));
  const shown = await reader.shown(QUERY, USERS, LIMITS);
  expect([...shown.values()]).toEqual(Array(5).fill(SAMPLE_SIZE.hour));
  expect(found.reduce((sum, { documents }) => sum + documents, 0)).toBe(30);
  expect(Math.max(...found.map(({ bytes }) => bytes))).toBeLessThanOrEqual(256 * 1024);
});

test('windows that nobody has added to are read once, whatever range is asked; one that has grown is read again', async () => {
  const documents = documentsOf(5, 2);
  const { reader, found } = readerOf(documents);
  await reader.shown(QUERY, USERS, LIMITS);
  found.length = 0;
  await reader.shown({ ...QUERY, to: 99 * HOUR }, USERS, LIMITS);
  expect(found).toEqual([]);
  documents[5] = { ...documents[5]!, upTo: 11, samples: { users: [1] } };
  documents[4] = { ...documents[4]!, samples: { users: [1] }, upTo: 10 };
  expect((await reader.shown(QUERY, USERS, LIMITS)).get(2 * HOUR)).toBe(1);
  expect(found.map((one) => one.documents)).toEqual([2]);
});

test('what an answer has read before its time was up, the next one does not read again', async () => {
  const { reader, found } = readerOf(documentsOf(40, 6));
  await expect(reader.shown(QUERY, { ...USERS, of: failingAfter(20) }, LIMITS)).rejects.toThrow('time is up');
  found.length = 0;
  expect((await reader.shown(QUERY, USERS, LIMITS)).size).toBe(40);
  expect(found.reduce((sum, { documents }) => sum + documents, 0)).toBe(20 * 6);
});

test('documents that are smaller than they may be are read in few portions, however many partitions there are', async () => {
  const small = documentsOf(1, 4000).map((document) => ({ ...document, samples: { users: [document._id.partition] } }));
  const { reader, found } = readerOf(small);
  expect((await reader.shown(QUERY, USERS, LIMITS)).get(0)).toBe(SAMPLE_SIZE.hour);
  expect(found.length).toBeLessThan(16);
});

test('a read that is not full is the last one', async () => {
  const { reader, found } = readerOf(documentsOf(1, 3));
  await reader.shown(QUERY, USERS, LIMITS);
  expect(found).toHaveLength(1);
});
