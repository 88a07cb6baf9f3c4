import type { mongo } from 'mongoose';
import type { StoreReads } from '../connection/store.reads.ts';
import { ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { keyOf } from './activity.key.ts';
import { ACTIVITY_PAGE, ActivityReader } from './activity.reader.ts';
import { BusyHour, HOUR_MAX, HOUR_PAGE } from './busy.hour.ts';

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
    const skip = (find['skip'] as number | undefined) ?? 0;
    const firstBatch = found.slice(skip, skip + (find['limit'] as number)).map((_id) => ({ _id }));
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

const portionsOf = async (hour: BusyHour): Promise<string[][]> => {
  const portions = [];
  for await (const portion of hour.portions(SIZES)) portions.push(portion);
  return portions;
};

const SIZES = { first: 200, others: 2000 };

test('the conversations of an hour beyond one read are read as costly and in portions, once, and so are their messages', async () => {
  const { reader, reads } = activityOf(25_000);
  const [window] = await walk(reader);
  expect(window).toMatchObject({ conversations: expect.any(BusyHour), isCostly: true });
  const hour = window!.conversations as BusyHour;
  for (let time = 0; time < 2; time += 1) {
    const portions = await portionsOf(hour);
    expect(portions.map(({ length }) => length)).toEqual([200, ...Array<number>(12).fill(2000), 800]);
    expect(new Set(portions.flat()).size).toBe(25_000);
  }
  expect(reads.filter(([, keys]) => keys > 0)).toEqual([
    ['ordinary', ACTIVITY_PAGE],
    ...Array.from({ length: 12 }, () => ['costly', HOUR_PAGE]),
    ['costly', 1000],
  ]);
});

test('a page that is full early reads no more of an hour than it needs', async () => {
  const { reader, reads } = activityOf(25_000);
  const [window] = await walk(reader);
  for await (const portion of (window!.conversations as BusyHour).portions(SIZES)) {
    expect(portion).toHaveLength(200);
    break;
  }
  expect(reads.reduce((sum, [, keys]) => sum + keys, 0)).toBe(ACTIVITY_PAGE + HOUR_PAGE);
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

test('an hour of more conversations than a page can merge is refused before any is read', async () => {
  const { reader, reads } = activityOf(HOUR_MAX + 1);
  const [window] = await walk(reader);
  const hour = window!.conversations as BusyHour;
  await expect(portionsOf(hour)).rejects.toThrow(ReadsOverloadedError);
  expect(reads.reduce((sum, [, keys]) => sum + keys, 0)).toBe(ACTIVITY_PAGE + 1);
});

test('an hour of as many conversations as a page can merge is read to its end', async () => {
  const { reader } = activityOf(HOUR_MAX);
  const [window] = await walk(reader);
  expect(await (window!.conversations as BusyHour).all()).toHaveLength(HOUR_MAX);
}, 60_000);
