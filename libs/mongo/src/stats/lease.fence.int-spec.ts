import { randomUUID } from 'node:crypto';
import { FaultyMongo, LATE_MS, testServers } from '@wiber/harness';
import type { LeaseFence } from '@wiber/resilience';
import mongoose from 'mongoose';
import { FencedError } from '../connection/mongo.errors.ts';
import type { WindowDelta } from './window.update.ts';
import { Store } from '../store.ts';
import { openFence } from '../fence/lease.fence.double-spec.ts';

const HOUR_MS = 3_600_000;
const EXPIRES = new Date(4_000_000_000_000);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const db = client.db(database);
/** Too short for 500 windows with large samples, and long for a few. */
const SHORT_MS = 100;
const KEPT = { second: 1000, minute: 1000, hour: 1000 };

let mongo: FaultyMongo;
let store: Store;
let topic: string;

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
  const options = { serverSelectionMs: 10_000, appName: 'spec' };
  store = Store.connect({ uri: mongo.uri, database, collection: 'messages', ...options });
  await store.open();
});

beforeEach(() => {
  topic = `chat-${randomUUID().slice(0, 8)}`;
});

afterEach(() => {
  mongo.commandFault = () => 'pass';
});

afterAll(async () => {
  await store?.close();
  await mongo?.close();
  await db.dropDatabase();
  await client.close();
});

const deltaOf = (offset: number, start = 0): WindowDelta => ({
  window: { topic, stream: 'accepted', span: 'minute', start, partition: 0 },
  first: offset,
  last: offset,
  figures: { counts: { records: 1 }, samples: { users: [offset] } },
  expireAt: EXPIRES,
});
const stateAt = (upTo: number) => ({ upTo, list: [{ name: '$ann:ben', count: upTo + 1, error: 0 }] });

/** Every write of a leader. The offset is one that nobody has written; 0 is the first. */
const WRITES: [string, (fence: LeaseFence, offset: number) => Promise<unknown>][] = [
  [
    'a window',
    (fence, offset) => store.statsWriter().add([deltaOf(offset)], { fence: () => fence, beyond: () => undefined }),
  ],
  [
    'the progress',
    (fence, offset) => {
      const next = new Map([[0, offset + 1]]);
      const gauges = new Map([[0, { end: offset + 1 }]]);
      const streams = new Map([
        ['accepted', { begin: new Map<number, number>(), next, completeTo: offset, gauges }],
      ] as const);
      return store.statsWriter().advance(topic, { fence, keptMs: KEPT, streams });
    },
  ],
  [
    'a list of the busiest conversations',
    (fence, offset) => {
      const window = { topic, span: 'minute', start: 0, partition: 0 } as const;
      return store.figures.busiestStore().write(
        // Written from the state before, as the counter does.
        [{ window, from: offset - 1, next: stateAt(offset), expireAt: EXPIRES }],
        fence,
      );
    },
  ],
  [
    'the look at the servers',
    (fence, offset) =>
      store.figures
        .serversStore()
        .write(topic, { fence, snapshot: { unknown: [{ part: 'log', reason: `$${offset}` }] } }),
  ],
  [
    'the look at the clocks',
    (fence, offset) => {
      const unknown = [{ part: 'members' as const, reason: `$${offset}` }];
      const snapshot = { reference: '$mongo-1', total: 0, clocks: [], unknown };
      return store.figures.clocksStore().write(topic, { fence, snapshot });
    },
  ],
];

const ofTopic = () => ({ $or: [{ _id: topic }, { _id: `${topic}/clocks` }, { '_id.topic': topic }] }) as object;

/** All documents of the topic in all collections of figures. */
const documents = async () => {
  const names = ['messages.stats', 'messages.progress', 'messages.busiest', 'messages.servers'];
  return Promise.all(names.map((name) => db.collection(name).find(ofTopic()).toArray()));
};
const NONE = [[], [], [], []];
const serverNow = async (): Promise<number> => ((await db.command({ hello: 1 }))['localTime'] as Date).getTime();
const fenceFrom = (renewedAtMs: number, term = 1): LeaseFence => {
  return { term, renewedAtMs, beginByMs: renewedAtMs + 2500, expiresAtMs: renewedAtMs + 4000 };
};

describe.each(WRITES)('%s', (_, write) => {
  const refused = async (fence: LeaseFence, offset: number, storedTerm: number) => {
    const error = await write(fence, offset).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FencedError);
    expect(error).toMatchObject({ code: 'fenced', retry: false, storedTerm });
    return (error as FencedError).message;
  };

  test('of a leader whose lease lasts is written, made and changed', async () => {
    await write(fenceFrom(await serverNow()), 0);
    const made = await documents();
    expect(made).not.toEqual(NONE);
    await write(fenceFrom(await serverNow(), 2), 1);
    const changed = await documents();
    expect(changed).not.toEqual(made);
    expect(changed.flat()).toMatchObject([{ term: 2 }]);
  });

  test('that begins after the lease has ended changes nothing and makes no document', async () => {
    const fence = fenceFrom((await serverNow()) - 2501);
    expect(await refused(fence, 0, 0)).toBe(
      'MongoDB refused a write of the term 1, which changed nothing: by the clock of MongoDB the lease was over, or was ' +
        'renewed by another clock',
    );
    expect(await documents()).toEqual(NONE);
    await write(openFence(), 0);
    const before = await documents();
    await refused(fence, 1, 1);
    expect(await documents()).toEqual(before);
  });

  test('that is sent in time and reaches MongoDB after the lease has ended changes nothing and makes no document', async () => {
    mongo.commandFault = (command) => ('update' in command || 'findAndModify' in command ? 'late' : 'pass');
    const now = await serverNow();
    // Open when it is sent, and closed half a second before it comes.
    const fence = {
      term: 1,
      renewedAtMs: now - 1000,
      beginByMs: now + LATE_MS - 500,
      expiresAtMs: now + LATE_MS + 60_000,
    };
    await refused(fence, 0, 0);
    expect(await documents()).toEqual(NONE);
  });

  test('meets a primary whose clock is an hour behind the one that the lease was renewed by, and changes nothing', async () => {
    const fence = fenceFrom((await serverNow()) + HOUR_MS);
    await refused(fence, 0, 0);
    expect(await documents()).toEqual(NONE);
    await write(openFence(), 0);
    const before = await documents();
    await refused(fence, 1, 1);
    expect(await documents()).toEqual(before);
  });

  test('of an earlier leader changes nothing that the next one has written, also when the clock says that the lease lasts', async () => {
    const now = await serverNow();
    await write(fenceFrom(now, 8), 0);
    const before = await documents();
    expect(await refused(fenceFrom(now, 7), 1, 8)).toMatch(/: the term 8 has written there$/);
    expect(await documents()).toEqual(before);
  });

  test.each(['x', null, -1, NaN, Infinity, 2 ** 53 - 1, [9], { a: 9 }])(
    'is written where somebody has set the term to %p, which no lease has',
    async (term) => {
      await write(openFence(), 0);
      const names = ['messages.stats', 'messages.progress', 'messages.busiest', 'messages.servers'];
      const filter = ofTopic();
      await Promise.all(names.map((name) => db.collection(name).updateMany(filter, { $set: { term } })));
      await write(openFence(3), 1);
      expect((await documents()).flat()).toMatchObject([{ term: 3 }]);
    },
  );

  test('ends before the lease does when it began in time: MongoDB stops it', async () => {
    const commands: Record<string, unknown>[] = [];
    mongo.commandFault = (command) => {
      if ('update' in command || 'findAndModify' in command) commands.push(command);
      return 'pass';
    };
    await write(fenceFrom(await serverNow()), 0);
    expect(commands).toMatchObject([{ maxTimeMS: 1500 }]);
  });
});

test('of many windows of one command none is written after the lease has ended, and each that a higher term has is left as it is', async () => {
  const add = (fence: LeaseFence, starts: number[]) =>
    store.statsWriter().add(
      starts.map((start) => deltaOf(fence.term, start)),
      { fence: () => fence, beyond: (delta) => delta },
    );
  const many = Array.from({ length: 200 }, (_, index) => index);
  await expect(add(fenceFrom((await serverNow()) - HOUR_MS), many)).rejects.toMatchObject({ storedTerm: 0 });
  expect(await documents()).toEqual(NONE);
  await add(openFence(9), [5]);
  await expect(add(openFence(2), many)).rejects.toMatchObject({ storedTerm: 9 });
  const written = (await documents())[0]! as unknown as { _id: { start: number }; term: number }[];
  expect(written.filter(({ _id }) => _id.start === 5)).toMatchObject([{ term: 9 }]);
});

test('windows for which MongoDB has no time at once are written in smaller portions, each of them', async () => {
  let commands = 0;
  mongo.commandFault = (command) => {
    if ('update' in command) commands += 1;
    return 'pass';
  };
  const users = Array.from({ length: 1000 }, (_, index) => index);
  const deltas = Array.from({ length: 500 }, (_, start) => {
    return { ...deltaOf(0, start), figures: { counts: { records: 1 }, samples: { users } } };
  });
  const { beginByMs, ...fence } = openFence();
  const inShort: LeaseFence = { ...fence, beginByMs, expiresAtMs: beginByMs + SHORT_MS };
  await store.statsWriter().add(deltas, { fence: () => inShort, beyond: () => undefined });
  const [windows] = await documents();
  expect(windows).toHaveLength(500);
  // One command would have been enough for the number of windows.
  expect(commands).toBeGreaterThan(2);
});
