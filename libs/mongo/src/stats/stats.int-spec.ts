import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored, type Figures, type Stream } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { FencedError } from '../connection/mongo.errors.ts';
import { openFence } from '../fence/lease.fence.double-spec.ts';
import { Store } from '../store.ts';
import { ProgressGoneError, type StreamAdvance } from './topic.progress.ts';
import type { WindowDelta } from './window.update.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const LIMITS = { withinMs: 5000 };
const KEPT = { second: 1000, minute: 1000, hour: 1000 };
const MINUTE = 60_000;
const EXPIRES = new Date(4_000_000_000_000);
let store: Store;

beforeAll(async () => {
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await store?.close();
  await client.db(database).dropDatabase();
  await client.close();
});

const topicName = () => `chat-${randomUUID().slice(0, 8)}`;

interface Records {
  topic: string;
  offsets: readonly number[];
  start?: number;
  partition?: number;
}

/** One record for each offset, with its offset as its user. */
const deltaOf = ({ topic, offsets, start = MINUTE, partition = 0 }: Records): WindowDelta => ({
  window: { topic, stream: 'accepted', span: 'minute', start, partition },
  first: offsets[0]!,
  last: offsets.at(-1)!,
  figures: { counts: { records: offsets.length }, samples: { users: offsets } },
  expireAt: EXPIRES,
});

const add = (delta: WindowDelta, left: (upTo: number) => WindowDelta | undefined = () => undefined, term = 1) =>
  store.statsWriter().add([delta], { fence: () => openFence(term), beyond: (_, upTo) => left(upTo) });

const documentOf = (topic: string) =>
  client
    .db(database)
    .collection('messages.stats')
    .findOne({ '_id.topic': topic }, { projection: { _id: 0 } });

const windowsOf = (topic: string, from = 0, to = 10 * MINUTE) =>
  store.statsReader().windows({ topic, stream: 'accepted', size: 'minute', part: 'all', from, to }, LIMITS);

describe('a process that has added the same users to a window before', () => {
  const both = async (topic: string, between: () => Promise<unknown>) => {
    const writer = store.statsWriter();
    const options = { fence: () => openFence(1), beyond: () => undefined };
    const withUsers = (offset: number, users: number[]) => {
      const delta = deltaOf({ topic, offsets: [offset] });
      return { ...delta, figures: { ...delta.figures, samples: { users } } };
    };
    await writer.add([withUsers(1, [7, 8])], options);
    await between();
    await writer.add([withUsers(2, [7, 9])], options);
    return documentOf(topic);
  };

  test('adds the new ones, and the window has all', async () => {
    const window = await both(topicName(), async () => undefined);
    expect(window).toMatchObject({ upTo: 2, counts: { records: 2 }, samples: { users: [7, 8, 9] } });
  });

  test('adds all of them where somebody has deleted the window meanwhile', async () => {
    const topic = topicName();
    const window = await both(topic, () =>
      client.db(database).collection('messages.stats').deleteMany({ '_id.topic': topic }),
    );
    expect(window).toMatchObject({ upTo: 2, counts: { records: 1 }, samples: { users: [7, 9] } });
  });

  test('adds all of them where another process has counted meanwhile', async () => {
    const topic = topicName();
    const window = await both(topic, () => add(deltaOf({ topic, offsets: [2] })));
    // The other one has counted the record 2, with the user 2.
    expect(window).toMatchObject({ upTo: 2, counts: { records: 2 }, samples: { users: [2, 7, 8] } });
  });
});

test('a delta is added once, however often it is sent', async () => {
  const topic = topicName();
  for (let time = 0; time < 3; time += 1) await add(deltaOf({ topic, offsets: [3, 5, 8] }));
  expect(await documentOf(topic)).toEqual({
    upTo: 8,
    counts: { records: 3 },
    samples: { users: [3, 5, 8] },
    expireAt: EXPIRES,
    term: 1,
    lastTerm: 1,
  });
});

test('of a delta that was counted in part, only what lies behind the counted offset is added', async () => {
  const topic = topicName();
  await add(deltaOf({ topic, offsets: [0, 1, 2] }));
  const asked: number[] = [];
  await add(deltaOf({ topic, offsets: [1, 2, 3, 4] }), (upTo) => {
    asked.push(upTo);
    return deltaOf({ topic, offsets: [3, 4] });
  });
  expect(asked).toEqual([2]);
  expect(await documentOf(topic)).toMatchObject({
    upTo: 4,
    counts: { records: 5 },
    samples: { users: [0, 1, 2, 3, 4] },
  });
});

test('a leader of the past adds nothing to what a higher term has counted, and is told that term', async () => {
  const topic = topicName();
  await add(deltaOf({ topic, offsets: [0] }), undefined, 7);
  await expect(add(deltaOf({ topic, offsets: [1] }), undefined, 6)).rejects.toMatchObject({
    code: 'fenced',
    storedTerm: 7,
    isOutranked: true,
  });
  expect(await documentOf(topic)).toMatchObject({ upTo: 0, counts: { records: 1 }, term: 7, lastTerm: 7 });
});

test('twenty writers that make one window at the same moment count each record once', async () => {
  const topic = topicName();
  const offsets = [0, 1, 2];
  await Promise.all(
    Array.from({ length: 20 }, () =>
      add(deltaOf({ topic, offsets }), (upTo) => (upTo < 0 ? deltaOf({ topic, offsets }) : undefined)),
    ),
  );
  expect(await documentOf(topic)).toMatchObject({ upTo: 2, counts: { records: 3 } });
});

test('windows show all partitions together, and only those of the range', async () => {
  const topic = topicName();
  for (const [partition, offsets] of [[3], [3, 4]].entries())
    for (const start of [MINUTE, 2 * MINUTE, 3 * MINUTE]) await add(deltaOf({ topic, offsets, start, partition }));
  const found = await windowsOf(topic, 2 * MINUTE, 3 * MINUTE);
  expect([...found]).toEqual([[2 * MINUTE, { counts: { records: 3 }, samples: { users: [3, 4] } }]]);
});

test('what is shown of windows is what they have, of all partitions and of each part, also after more was counted', async () => {
  const topic = topicName();
  const reader = store.statsReader();
  const query = { topic, stream: 'accepted', size: 'minute', from: 2 * MINUTE, to: 4 * MINUTE } as const;
  const view = { name: 'as it is', of: (figures: Figures) => figures };
  for (const round of [0, 1]) {
    for (const partition of [0, 1])
      for (const start of [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE])
        await add(deltaOf({ topic, offsets: [10 * round + partition, 10 * round + 5], start, partition }));
    const shown = await reader.shown({ ...query, part: 'all' }, view, LIMITS);
    expect(shown).toEqual(await reader.windows({ ...query, part: 'all' }, LIMITS));
    const records = await reader.shown({ ...query, part: 'records' }, view, LIMITS);
    const each = { counts: { records: 4 * (round + 1) }, samples: {} };
    expect(records).toEqual(
      new Map([
        [2 * MINUTE, each],
        [3 * MINUTE, each],
      ]),
    );
    const users = await reader.shown({ ...query, part: 'users' }, view, LIMITS);
    expect([...users.values()].map(({ samples }) => samples['users'])).toEqual(
      Array(2).fill(round === 0 ? [0, 1, 5] : [0, 1, 5, 10, 11, 15]),
    );
  }
});

test('a figure that is no number is left out, and stops nothing', async () => {
  const topic = topicName();
  await add(deltaOf({ topic, offsets: [1] }));
  await client
    .db(database)
    .collection('messages.stats')
    .updateOne(
      { '_id.topic': topic },
      { $set: { counts: { records: 'many', bytes: 1 }, samples: { users: [2, 'x'] } } },
    );
  const found = await windowsOf(topic);
  expect(found.get(MINUTE)).toEqual({ counts: { bytes: 1 }, samples: { users: [2] } });
});

test('a figure that somebody made negative takes nothing from the others, read alone or added up by MongoDB', async () => {
  const topic = topicName();
  for (const partition of [0, 1]) await add(deltaOf({ topic, offsets: [1, 2], partition }));
  await windows().updateOne({ '_id.topic': topic, '_id.partition': 1 }, { $set: { 'counts.records': -5 } });
  expect((await windowsOf(topic)).get(MINUTE)!.counts).toEqual({ records: 2 });
  const query = { topic, stream: 'accepted', size: 'minute', part: 'records', from: 0, to: 10 * MINUTE } as const;
  const view = { name: 'records', of: ({ counts }: Figures) => counts['records'] };
  expect(await store.statsReader().shown(query, view, LIMITS)).toEqual(new Map([[MINUTE, 2]]));
});

const windows = () => client.db(database).collection('messages.stats');

test('a figure that is no number begins anew, so that its window and all others are counted', async () => {
  const topic = topicName();
  await add(deltaOf({ topic, offsets: [1] }));
  const odd = { 'counts.records': 'many', samples: 'none', term: 'zzz' };
  await windows().updateOne({ '_id.topic': topic }, { $set: odd });
  const deltas = [deltaOf({ topic, offsets: [2] }), deltaOf({ topic, offsets: [2], start: 2 * MINUTE })];
  expect(await store.statsWriter().add(deltas, { fence: () => openFence(3), beyond: () => undefined })).toEqual([]);
  expect(await documentOf(topic)).toMatchObject({ upTo: 2, counts: { records: 1 }, samples: { users: [2] }, term: 3 });
  expect((await windowsOf(topic)).size).toBe(2);
});

test.each(['x', null, -1, Infinity, NaN, { a: 1 }])(
  'a window whose upTo is %p is named and takes nothing, and the others are counted',
  async (upTo) => {
    const topic = topicName();
    await add(deltaOf({ topic, offsets: [1] }));
    await windows().updateOne({ '_id.topic': topic }, { $set: { upTo } });
    const deltas = [deltaOf({ topic, offsets: [2] }), deltaOf({ topic, offsets: [2], start: 2 * MINUTE })];
    const named = await store.statsWriter().add(deltas, { fence: () => openFence(), beyond: () => undefined });
    expect(named).toEqual([deltas[0]!.window]);
    expect((await windowsOf(topic)).get(MINUTE)).toMatchObject({ counts: { records: 1 } });
    expect((await windowsOf(topic)).get(2 * MINUTE)).toMatchObject({ counts: { records: 1 } });
  },
);

test('a unique index that is not ours ends the write with its name, and not with a spin; a lead that is over ends it sooner', async () => {
  const topic = topicName();
  const filter = { '_id.topic': topic };
  const partial = { name: 'by_hand', unique: true, partialFilterExpression: filter };
  await windows().createIndex({ messageId: 1 }, partial);
  try {
    await add(deltaOf({ topic, offsets: [1] }));
    const second = deltaOf({ topic, offsets: [1], start: 2 * MINUTE });
    const beyond = (delta: WindowDelta) => delta;
    await expect(store.statsWriter().add([second], { fence: () => openFence(), beyond })).rejects.toThrow(
      'messages.stats takes no figures: its unique index by_hand refuses them; drop that index',
    );
    let checks = 0;
    const fence = () => {
      if ((checks += 1) > 3) throw new Error('the lead is over');
      return openFence();
    };
    await expect(store.statsWriter().add([second], { fence, beyond })).rejects.toThrow('the lead is over');
  } finally {
    await windows().dropIndex('by_hand');
  }
});

test('a total that somebody has deleted is named by the process that had written it, when it is made anew, and never else', async () => {
  const topic = topicName();
  const writer = store.statsWriter();
  const named: number[] = [];
  const count = async (offset: number) => {
    const delta = deltaOf({ topic, offsets: [offset] });
    const total: WindowDelta = { ...delta, window: { ...delta.window, span: 'total', start: 0 } };
    const madeAnew = ({ first }: WindowDelta) => void named.push(first);
    await writer.add([delta, total], { fence: openFence, beyond: () => undefined, madeAnew });
  };
  for (const offset of [0, 1]) await count(offset);
  expect(named).toEqual([]);
  await windows().deleteMany({ '_id.topic': topic });
  for (const offset of [2, 3]) await count(offset);
  expect(named).toEqual([2]);
});

test('MongoDB deletes windows by their own time', async () => {
  const indexes = await client.db(database).collection('messages.stats').indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expireAt: 1 }, expireAfterSeconds: 0 }));
});

const advanceOf = (given: Partial<StreamAdvance>): Map<Stream, StreamAdvance> =>
  new Map([['accepted', { begin: new Map(), next: new Map(), completeTo: undefined, gauges: new Map(), ...given }]]);

const advance = (topic: string, term: number, given: Partial<StreamAdvance> = {}) =>
  store.statsWriter().advance(topic, { fence: openFence(term), keptMs: KEPT, streams: advanceOf(given) });

test('positions and times only grow; gauges are those of the last leader, and one of the past changes nothing', async () => {
  const topic = topicName();
  expect(await store.statsReader().progress(topic, LIMITS)).toBeUndefined();
  await advance(topic, 2, {
    next: new Map([
      [0, 10],
      [1, 5],
    ]),
    completeTo: 900,
    gauges: new Map([[0, { end: 11 }]]),
  });
  const before = await store.statsReader().progress(topic, LIMITS);
  const given = {
    next: new Map([
      [0, 9],
      [1, 6],
    ]),
    completeTo: 800,
    gauges: new Map([[0, { end: 12 }]]),
  };
  await expect(advance(topic, 1, given)).rejects.toMatchObject({ code: 'fenced', storedTerm: 2 });
  expect(await store.statsReader().progress(topic, LIMITS)).toEqual(before);
  const seen = await advance(topic, 2, given);
  expect(seen).toMatchObject({ term: 2, keptMs: KEPT });
  expect(seen.next.accepted).toEqual(
    new Map([
      [0, 10],
      [1, 6],
    ]),
  );
  expect(seen.completeTo.accepted).toBe(900);
  expect(seen.gauges.accepted.get(0)).toEqual({ end: 12 });
  expect(Math.abs(seen.at - Date.now())).toBeLessThan(60_000);
  expect(await store.statsReader().progress(topic, LIMITS)).toEqual(seen);
});

const progresses = () => client.db(database).collection<{ _id: string }>('messages.progress');
const setProgress = (topic: string, $set: object) => progresses().updateOne({ _id: topic }, { $set });
const HOUR = 3_600_000;

test('a jump of the clock is over with it: the next write has the time of now, and no time of the future stays complete', async () => {
  const topic = topicName();
  const { id } = await advance(topic, 1, { completeTo: 900, isWhole: true });
  const jumped = Date.now() + HOUR;
  await setProgress(topic, { at: jumped, 'completeTo.accepted': jumped, 'countedAt.accepted': jumped });
  const seen = await store.statsWriter().advance(topic, {
    progressId: id,
    fence: openFence(),
    keptMs: KEPT,
    streams: advanceOf({ completeTo: 800, isWhole: true }),
  });
  expect(Math.abs(seen.at - Date.now())).toBeLessThan(60_000);
  expect(seen.completeTo.accepted).toBe(800);
  const { countedAt } = (await progresses().findOne({ _id: topic })) as unknown as { countedAt: { accepted: number } };
  expect(Math.abs(countedAt.accepted - Date.now())).toBeLessThan(60_000);
});

test('countedAt is the end of the last round that looked at all streams, not of the last write', async () => {
  const topic = topicName();
  expect((await advance(topic, 1, { isWhole: true })).countedAt).toBe(0);
  const all = (isWhole: boolean) => {
    const one = advanceOf({ isWhole }).get('accepted')!;
    return new Map<Stream, StreamAdvance>([
      ['accepted', one],
      ['stored', { ...one, isWhole: true }],
      ['dead_lettered', { ...one, isWhole: true }],
    ]);
  };
  const write = (isWhole: boolean) =>
    store.statsWriter().advance(topic, { fence: openFence(), keptMs: KEPT, streams: all(isWhole) });
  const { countedAt } = await write(true);
  expect(countedAt).toBeGreaterThan(0);
  for (let later = countedAt; later === countedAt; later = (await write(false)).at);
  expect((await write(false)).countedAt).toBe(countedAt);
});

test('a progress that was dropped is not written by who goes on from it; one that begins anew has another id', async () => {
  const topic = topicName();
  const next = new Map([[0, 13_519]]);
  const { id } = await advance(topic, 1, { next });
  await progresses().deleteOne({ _id: topic });
  const goOn = () =>
    store
      .statsWriter()
      .advance(topic, { progressId: id, fence: openFence(), keptMs: KEPT, streams: advanceOf({ next }) });
  await expect(goOn()).rejects.toThrow(ProgressGoneError);
  expect(await progresses().findOne({ _id: topic })).toBeNull();
  const anew = await advance(topic, 1);
  expect([anew.id === id, anew.next.accepted.size]).toEqual([false, 0]);
  await expect(goOn()).rejects.toThrow(ProgressGoneError);
});

test('a progress that was put back from a backup is not gone on from: the worker is told, and begins anew where the backup is', async () => {
  const topic = topicName();
  const next = (position: number) => new Map([[0, position]]);
  await advance(topic, 1, { next: next(5) });
  const backup = (await progresses().findOne({ _id: topic }))!;
  const { id, writes } = await advance(topic, 1, { next: next(105) });
  const goOn = (seen: number) =>
    store.statsWriter().advance(topic, {
      progressId: id,
      writes: seen,
      fence: openFence(),
      keptMs: KEPT,
      streams: advanceOf({ next: next(115) }),
    });
  await progresses().replaceOne({ _id: topic }, backup);
  await expect(goOn(writes)).rejects.toThrow(ProgressGoneError);
  const anew = await advance(topic, 1);
  expect([anew.id, anew.next.accepted]).toEqual([id, next(5)]);
  // Another worker has written meanwhile: that is no backup.
  expect((await goOn(anew.writes - 1)).next.accepted).toEqual(next(115));
});

test('a progress of a version that did not count its writes is gone on from', async () => {
  const topic = topicName();
  const { id } = await advance(topic, 1);
  await progresses().updateOne({ _id: topic }, { $unset: { writes: 1 } });
  const { writes } = (await store.statsReader().progress(topic, LIMITS))!;
  const goOn = { progressId: id, writes, fence: openFence(), keptMs: KEPT, streams: advanceOf({}) };
  expect(await store.statsWriter().advance(topic, goOn)).toMatchObject({ id, writes: 1 });
});

test('a progress that somebody changed by hand stops nothing: what is no number is as if it were missing', async () => {
  const topic = topicName();
  await advance(topic, 1, { begin: new Map([[3, 7]]), next: new Map([[2, 5]]), gauges: new Map([[2, { end: 9 }]]) });
  await setProgress(topic, {
    'next.accepted.p2': 'x',
    'next.accepted.p3': Infinity,
    'gauges.accepted.p2': { end: 'y', waitingSince: {} },
    completeTo: 'z',
    countedAt: [1],
    term: 'zzz',
    at: null,
  });
  const read = (await store.statsReader().progress(topic, LIMITS))!;
  expect([read.next.accepted, read.gauges.accepted.get(2), read.completeTo.accepted, read.at, read.term]).toEqual([
    new Map(),
    {},
    0,
    0,
    0,
  ]);
  const mended = await advance(topic, 2, {
    begin: new Map([[3, 1]]),
    next: new Map([[2, 4]]),
    completeTo: 70,
    gauges: new Map([[2, { end: 6 }]]),
  });
  expect(mended).toMatchObject({ term: 2, completeTo: { accepted: 70 } });
  expect(mended.next.accepted).toEqual(
    new Map([
      [2, 4],
      [3, 7],
    ]),
  );
  expect(mended.gauges.accepted.get(2)).toEqual({ end: 6 });
  expect(mended.at).toBeGreaterThan(0);
});

test('windows that were deleted are not shown as empty ones after the time that they are kept was made longer', async () => {
  const topic = topicName();
  const keep = (second: number) =>
    store.statsWriter().advance(topic, { fence: openFence(), keptMs: { ...KEPT, second }, streams: new Map() });
  expect((await keep(HOUR)).keptMs).toEqual({ ...KEPT, second: HOUR });
  // What is kept now is shown from then on, and not cut again: the time since then is shown, too.
  const longer = await keep(5 * HOUR);
  expect(longer.keptMs).toEqual({ ...KEPT, second: HOUR });
  for (let at = longer.at; at === longer.at; at = (await keep(5 * HOUR)).at);
  const later = await keep(5 * HOUR);
  expect(later.keptMs.second).toBe(HOUR + later.at - longer.at);
  expect((await keep(HOUR / 2)).keptMs.second).toBe(HOUR / 2);
});

test('a retention that was made longer while the clock was ahead hides no window once the clock is right again', async () => {
  const topic = topicName();
  const keep = (second: number) =>
    store.statsWriter().advance(topic, { fence: openFence(), keptMs: { ...KEPT, second }, streams: new Map() });
  await keep(HOUR);
  await setProgress(topic, { 'keptFrom.second': Date.now() + 24 * HOUR });
  expect((await keep(HOUR)).keptMs.second).toBe(HOUR);
  await setProgress(topic, { 'keptFrom.second': Date.now() + 24 * HOUR });
  expect((await keep(5 * HOUR)).keptMs.second).toBe(HOUR);
});

test('gauges of partitions that are gone go, by a leader of now only', async () => {
  const topic = topicName();
  await advance(topic, 2, {
    gauges: new Map([
      [0, { end: 1 }],
      [4, { end: 300 }],
    ]),
  });
  const gone = new Set([4]);
  await expect(advance(topic, 1, { gone })).rejects.toThrow(FencedError);
  expect([...(await advance(topic, 2)).gauges.accepted.keys()]).toEqual([0, 4]);
  expect([...(await advance(topic, 2, { gone })).gauges.accepted.keys()]).toEqual([0]);
});

test('of two workers that begin, the first decides where counting begins', async () => {
  const topic = topicName();
  const [first, second] = [
    await advance(topic, 1, { begin: new Map([[0, 7]]) }),
    await advance(topic, 1, { begin: new Map([[0, 9]]) }),
  ];
  for (const { begin, next } of [first, second]) expect([begin.accepted.get(0), next.accepted.get(0)]).toEqual([7, 7]);
});

test('twenty workers that begin at the same moment agree where counting begins', async () => {
  const topic = topicName();
  const seen = await Promise.all(
    Array.from({ length: 20 }, (_, index) => advance(topic, 1, { begin: new Map([[0, index]]) })),
  );
  expect(new Set(seen.map(({ begin }) => begin.accepted.get(0))).size).toBe(1);
});

test('the times of stored messages are read by place, in portions, and never beyond the range', async () => {
  const messages = Array.from({ length: 10 }, (_, offset) =>
    toStored(
      { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'x', timestamp: 100, lamport: 1 },
      { partition: offset < 9 ? 4 : 5, offset: offset * 2 },
      { storedAt: 200 + offset },
    ),
  );
  await store.messageWriter().store(messages);
  const range = { partition: 4, from: 2, to: 16 };
  const first = await store.storedTimes().read({ ...range, limit: 4 }, LIMITS);
  expect(first).toEqual({
    times: [1, 2, 3].map((offset) => ({ offset: offset * 2, acceptedAt: 100, storedAt: 200 + offset })),
    next: 8,
  });
  const rest = await store.storedTimes().read({ ...range, from: 8, limit: 100 }, LIMITS);
  expect([rest.times.map(({ offset }) => offset), rest.next]).toEqual([[8, 10, 12, 14], 16]);
  const explained = await client
    .db(database)
    .collection('messages')
    .find({ _id: { $gte: { partition: 4, offset: 2 }, $lt: { partition: 4, offset: 16 } } } as object)
    .hint('_id_')
    .explain('executionStats');
  expect(explained).toMatchObject({ executionStats: { totalDocsExamined: 7 } });
});

test('a foreign document whose offset is a decimal stops no position', async () => {
  const decimal = mongoose.mongo.Decimal128.fromString('12');
  await client
    .db(database)
    .collection<{ _id: object; messageId: number }>('messages')
    .insertMany([
      { _id: { partition: 9, offset: 11 }, messageId: 1 },
      { _id: { partition: 9, offset: decimal }, messageId: 2 },
    ]);
  const read = { partition: 9, from: 10, to: 20, limit: 2 };
  expect(await store.storedTimes().read(read, LIMITS)).toEqual({ times: [], next: 13 });
});
