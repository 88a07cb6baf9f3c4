import type { mongo } from 'mongoose';
import type { StoreReads } from '../connection/store.reads.ts';
import { ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { keyOf } from './activity.key.ts';
import { ACTIVITY_PAGE, ActivityReader, HOUR_MAX } from './activity.reader.ts';

const limits = { withinMs: 1000 };

/** A store in which a user has so many conversations in each hour. `reads` has how each read was made, and its size. */
const activityOf = (conversations: number, hours = 1) => {
  const keys = Array.from({ length: conversations * hours }, (_, index) =>
    keyOf({
      user: 'hub',
      hour: Math.floor(index / conversations),
      conversationId: `hub:u${String(index % conversations).padStart(7, '0')}`,
    }),
  );
  const reads: [kind: 'ordinary' | 'costly', keys: number][] = [];
  const answer = (kind: 'ordinary' | 'costly') => async (find: mongo.Document) => {
    const { $gte, $gt, $lt } = (find as { filter: { _id: { $gte?: string; $gt?: string; $lt: string } } }).filter._id;
    const found = keys.filter((key) => key < $lt && ($gt === undefined ? key >= $gte! : key > $gt));
    const firstBatch = found.slice(0, find['limit'] as number).map((_id) => ({ _id }));
    reads.push([kind, firstBatch.length]);
    return { cursor: { firstBatch } };
  };
  const ports = { run: answer('ordinary'), runCostly: answer('costly') } as unknown as StoreReads;
  return { reader: new ActivityReader(ports, 'activity'), reads };
};

const walk = async (reader: ActivityReader) => {
  const windows = [];
  for await (const window of reader.windows('hub', { direction: 1, start: undefined }, limits)) windows.push(window);
  return windows;
};

test('the conversations of an hour beyond one read are read as costly, and so are their messages', async () => {
  const { reader, reads } = activityOf(25_000);
  const [window] = await walk(reader);
  expect([window?.conversationIds.length, window?.isCostly]).toEqual([25_000, true]);
  expect(reads.slice(0, 4)).toEqual([
    ['ordinary', ACTIVITY_PAGE],
    ['costly', 10_000],
    ['costly', 10_000],
    ['costly', 5000],
  ]);
});

test('a page that needs many windows is costly from the fifth on', async () => {
  const { reader, reads } = activityOf(1, ACTIVITY_PAGE * 6 + 1);
  const windows = await walk(reader);
  expect(windows.map(({ isCostly }) => isCostly)).toEqual([false, false, false, false, true, true, true]);
  expect(reads.map(([kind]) => kind)).toEqual([
    ...Array<string>(4).fill('ordinary'),
    ...Array<string>(3).fill('costly'),
  ]);
});

test('an hour of more conversations than a page can merge is refused after a bounded number of keys', async () => {
  const { reader, reads } = activityOf(HOUR_MAX + 50_000);
  await expect(walk(reader)).rejects.toThrow(ReadsOverloadedError);
  expect(reads.reduce((sum, [, keys]) => sum + keys, 0)).toBe(HOUR_MAX + ACTIVITY_PAGE);
});
