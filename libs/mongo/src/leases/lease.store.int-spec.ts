import { randomUUID } from 'node:crypto';
import { FaultyMongo, testServers } from '@wiber/harness';
import type { AcquireCall, LeaseCall, LeaseRecord } from '@wiber/resilience';
import mongoose from 'mongoose';
import { LeaseUnreadableError, StoreUnavailableError } from '../connection/mongo.errors.ts';
import { Store } from '../store.ts';
import type { LeaseTermDocument } from './lease-term.schema.ts';
import type { LeaseDocument } from './lease.schema.ts';
import type { LeaseStore } from './lease.store.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 60_000;
const WITHIN_MS = 5000;
const database = `wiber-${randomUUID().slice(0, 8)}`;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const leases = client.db(database).collection<LeaseDocument>('leases');
const terms = client.db(database).collection<LeaseTermDocument>('lease_terms');

let mongo: FaultyMongo;
let store: Store;
let other: Store;
let lease: string;

const opened = async (uri: string) => {
  const made = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' });
  await made.open();
  return made;
};

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
  [store, other] = await Promise.all([opened(mongo.uri), opened(testServers().mongoUri)]);
});

beforeEach(() => {
  lease = `lease-${randomUUID().slice(0, 8)}`;
});

afterEach(() => {
  mongo.commandFault = () => 'pass';
});

afterAll(async () => {
  await store.close();
  await other.close();
  await client.db(database).dropDatabase();
  await client.close();
  await mongo.close();
});

const callBy =
  (holder: string, at: () => LeaseStore) =>
  (call: LeaseCall): Promise<LeaseRecord | undefined> =>
    at().call(lease, call, { holder, ttlMs: TTL_MS, withinMs: WITHIN_MS });
const ann = callBy('ann', () => store.leaseStore());
const ben = callBy('ben', () => other.leaseStore());
const look = () => ben({ type: 'look' });
const acquire = (claim: string, seen?: LeaseRecord): AcquireCall => ({ type: 'acquire', claim, above: 0, seen });
const document = async () => (await leases.findOne({ _id: lease }))!;
/** As a failover to a primary whose clock is ahead does: what lies in the future for one lies in the past for the other. */
const shiftClock = (ms: number) => leases.updateOne({ _id: lease }, { $inc: { expiresAt: -ms } });
/** All but the time: a clock that is shifted changes it. */
const beatOf = ({ term, beat, claim }: LeaseRecord) => ({ term, beat, claim });

test('each answer says when the lease expires by the clock of the store, as the document has it; of a free lease none does', async () => {
  const expiresAt = async () => (await document()).expiresAt;
  const taken = await ann(acquire('a1'));
  expect(taken).toMatchObject({ expiresAtMs: await expiresAt() });
  await shiftClock(TTL_MS / 2);
  expect(await look()).toMatchObject({ expiresAtMs: await expiresAt() });
  const renewed = (await ann({ type: 'renew', claim: 'a1', term: 1 }))!;
  expect(renewed).toMatchObject({ expiresAtMs: await expiresAt() });
  expect(renewed.expiresAtMs).toBeGreaterThanOrEqual(taken!.expiresAtMs!);
  const freed = await ann({ type: 'release', claim: 'a1', term: 1, end: 'released' });
  expect(freed).toEqual({ term: 1, beat: 2, claim: undefined, expiresAtMs: undefined });
});

test('a lease that does not exist is made in term 1, and the store says who has it since when and until when', async () => {
  expect(await look()).toBeUndefined();
  expect(await ann(acquire('a1'))).toEqual({
    term: 1,
    beat: 0,
    claim: 'a1',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
  const { since, ...rest } = await document();
  expect(rest).toEqual({
    _id: lease,
    term: 1,
    beat: 0,
    claim: 'a1',
    holder: 'ann',
    renewedAt: since,
    expiresAt: since! + TTL_MS,
    ttlMs: TTL_MS,
    recent: [],
  });
});

test('of many that take a lease at once, the first time and when it is free, one gets it and no call fails', async () => {
  const takeAtOnce = async (round: string, seen?: LeaseRecord) => {
    const claims = Array.from({ length: 20 }, (_, index) => `${round}-${index}`);
    const found = await Promise.all(claims.map((claim, index) => (index % 2 ? ann : ben)(acquire(claim, seen))));
    expect(new Set(found.map((record) => record?.claim)).size).toBe(1);
    return found[0]!;
  };
  const first = await takeAtOnce('first');
  expect(first.term).toBe(1);
  const freed = await ann({ type: 'release', claim: first.claim!, term: 1, end: 'released' });
  expect(await takeAtOnce('second', freed)).toMatchObject({ term: 2, beat: 0 });
});

test('a lost race is no error: the answer shows who has the lease', async () => {
  await ann(acquire('a1'));
  expect(await ben(acquire('b1'))).toEqual({
    term: 1,
    beat: 0,
    claim: 'a1',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
});

test('a held lease is acquired only when the clock of the server is past its end', async () => {
  const seen = await ann(acquire('a1'));
  expect(await ben(acquire('b1', seen))).toEqual(seen);
  await shiftClock(TTL_MS - 10_000);
  expect(await ben(acquire('b2', seen))).toMatchObject(beatOf(seen!));
  await shiftClock(20_000);
  expect(await ben(acquire('b3', seen))).toEqual({
    term: 2,
    beat: 0,
    claim: 'b3',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
  expect((await document()).recent).toMatchObject([{ term: 1, holder: 'ann', end: 'expired' }]);
});

test.each([HOUR_MS, -HOUR_MS])(
  'the clock of the client, when it is wrong by %i ms, changes neither who may acquire nor any time of the lease',
  async (wrongBy) => {
    const now = Date.now;
    const seen = await ann(acquire('a1'));
    const before = await document();
    Date.now = () => now() + wrongBy;
    try {
      expect(await ben(acquire('b1', seen))).toEqual(seen);
      await ann({ type: 'renew', claim: 'a1', term: 1 });
    } finally {
      Date.now = now;
    }
    const renewed = await document();
    expect(Math.abs(renewed.renewedAt! - before.renewedAt!)).toBeLessThan(HOUR_MS / 2);
    expect(renewed.expiresAt).toBe(renewed.renewedAt! + TTL_MS);
    // The same when the lease has expired.
    await shiftClock(2 * TTL_MS);
    Date.now = () => now() + wrongBy;
    try {
      expect(await ben(acquire('b2', (await look())!))).toMatchObject({ term: 2, claim: 'b2' });
    } finally {
      Date.now = now;
    }
    expect(Math.abs((await document()).since! - before.since!)).toBeLessThan(HOUR_MS / 2);
  },
);

test('a lease whose primary went back an hour is stolen in the state that was seen, and never after it was renewed', async () => {
  const seen = (await ann(acquire('a1')))!;
  await shiftClock(-HOUR_MS);
  expect(await ben(acquire('b1', seen))).toMatchObject(beatOf(seen));
  await ann({ type: 'renew', claim: 'a1', term: 1 });
  const steal = { type: 'steal', claim: 'b2', above: 0, end: 'observed' } as const;
  expect(await ben({ ...steal, seen })).toEqual({
    term: 1,
    beat: 1,
    claim: 'a1',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
  expect(await ben({ ...steal, seen: (await look())! })).toEqual({
    term: 2,
    beat: 0,
    claim: 'b2',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
  expect((await document()).recent).toMatchObject([{ term: 1, holder: 'ann', end: 'observed' }]);
});

test('a renewal extends the lease of its own holder and term, and nothing else', async () => {
  await ann(acquire('a1'));
  await shiftClock(TTL_MS / 2);
  expect(await ann({ type: 'renew', claim: 'a1', term: 1 })).toEqual({
    term: 1,
    beat: 1,
    claim: 'a1',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
  const { renewedAt, expiresAt } = await document();
  expect(expiresAt).toBe(renewedAt! + TTL_MS);
  const before = await document();
  expect(await ben({ type: 'renew', claim: 'b1', term: 1 })).toMatchObject({ beat: 1 });
  expect(await ann({ type: 'renew', claim: 'a1', term: 2 })).toMatchObject({ beat: 1 });
  expect(await document()).toEqual(before);
});

test('a renewal and a release of a lease that does not exist make none', async () => {
  expect(await ann({ type: 'renew', claim: 'a1', term: 1 })).toBeUndefined();
  expect(await ann({ type: 'release', claim: 'a1', term: 1, end: 'released' })).toBeUndefined();
  expect(await leases.countDocuments({ _id: lease })).toBe(0);
});

test('a release frees the lease at once, keeps its term, and writes down the term that ended', async () => {
  await ann(acquire('a1'));
  const freed = await ann({ type: 'release', claim: 'a1', term: 1, end: 'released' });
  expect(freed).toEqual({ term: 1, beat: 1, claim: undefined });
  const found = await document();
  expect(Object.keys(found).sort()).toEqual(['_id', 'beat', 'recent', 'term']);
  expect(found.recent).toEqual([
    {
      term: 1,
      holder: 'ann',
      since: expect.any(Number),
      renewedAt: expect.any(Number),
      until: expect.any(Number),
      end: 'released',
    },
  ]);
  expect(await ben(acquire('b1', freed))).toEqual({
    term: 2,
    beat: 0,
    claim: 'b1',
    expiresAtMs: expect.any(Number),
    ttlMs: TTL_MS,
  });
});

test('a release by an earlier holder changes nothing', async () => {
  const seen = (await ann(acquire('a1')))!;
  await ben({ type: 'steal', claim: 'b1', above: 0, seen, end: 'observed' });
  const before = await document();
  expect(await ann({ type: 'release', claim: 'a1', term: 1, end: 'released' })).toMatchObject({ claim: 'b1' });
  expect(await document()).toEqual(before);
});

test('a take that arrives when the lease has moved on changes nothing', async () => {
  const freed = await ann(acquire('a1')).then(() => ann({ type: 'release', claim: 'a1', term: 1, end: 'released' }));
  const late = acquire('late', freed);
  await ben(acquire('b1', freed));
  await ben({ type: 'release', claim: 'b1', term: 2, end: 'released' });
  // The lease is free again, as it was when the take was sent.
  expect(await ann(late)).toEqual({ term: 2, beat: 1, claim: undefined });
});

test('the terms of a lease go on when somebody has deleted it', async () => {
  await terms.insertOne({ _id: `${lease}:41`, lease, term: 41, holder: 'ann', since: 1 });
  expect(await ann(acquire('a1'))).toMatchObject({ term: 42 });
  await leases.deleteOne({ _id: lease });
  expect(await ben({ ...acquire('b1'), above: 43 })).toMatchObject({ term: 44 });
});

test('a holder and a claim may look like a field or an operator', async () => {
  const call = callBy('$term', () => store.leaseStore());
  await call(acquire('$$ROOT'));
  expect(await document()).toMatchObject({ holder: '$term', claim: '$$ROOT', term: 1 });
  expect(await call({ type: 'renew', claim: '$$ROOT', term: 1 })).toMatchObject({ beat: 1 });
});

test('the lease keeps its last terms, and no more than a bounded number of them', async () => {
  for (let term = 1; term <= 20; term += 1) {
    await ann(acquire(`a${term}`, await look()));
    await ann({ type: 'release', claim: `a${term}`, term, end: 'released' });
  }
  const { recent, term } = await document();
  expect(term).toBe(20);
  expect(recent.map((one) => one.term)).toEqual(Array.from({ length: 16 }, (_, index) => 20 - index));
});

test.each<[string, LeaseCall['type']]>([
  ['an acquire', 'acquire'],
  ['a renewal', 'renew'],
  ['a release', 'release'],
])('%s that no majority has acknowledged is an unknown outcome, although the primary has done it', async (_, type) => {
  const record = type === 'acquire' ? undefined : await ann(acquire('a1'));
  const concernUnmet = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' };
  const value = { _id: lease, term: 1, beat: 1, claim: 'a1', recent: [] };
  mongo.commandFault = (command) =>
    'findAndModify' in command ? { ok: 1, value, writeConcernError: concernUnmet } : 'pass';
  const call = type === 'acquire' ? acquire('a1') : { type, claim: 'a1', term: record!.term, end: 'released' };
  await expect(ann(call as LeaseCall)).rejects.toThrow(StoreUnavailableError);
});

test.each(['cut', 'hang', 'mute'] as const)(
  'a call whose answer does not come (%s) is an unknown outcome, in time',
  async (fault) => {
    mongo.commandFault = (command) => ('findAndModify' in command ? fault : 'pass');
    const call = store.leaseStore().call(lease, acquire('a1'), { holder: 'ann', ttlMs: TTL_MS, withinMs: 300 });
    await expect(call).rejects.toThrow(StoreUnavailableError);
  },
);

test('every change waits for a majority and its journal, and is one command on the _id alone', async () => {
  const commands: Record<string, unknown>[] = [];
  mongo.commandFault = (command) => {
    if ('findAndModify' in command) commands.push(command);
    return 'pass';
  };
  const seen = (await ann(acquire('a1')))!;
  await ann({ type: 'renew', claim: 'a1', term: 1 });
  await ann({ type: 'steal', claim: 'a2', above: 0, seen, end: 'observed' });
  await ann(acquire('a3', seen));
  await ann({ type: 'release', claim: 'a1', term: 1, end: 'released' });
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    expect(command).toMatchObject({ query: { _id: lease }, new: true, writeConcern: { w: 'majority', j: true } });
    expect(Object.keys(command['query'] as object)).toEqual(['_id']);
    expect(command['update']).toBeInstanceOf(Array);
  }
  expect(commands.map((command) => command['upsert'])).toEqual([true, false, false, false, false]);
});

test('a look asks the primary for what no failover takes back', async () => {
  const finds: Record<string, unknown>[] = [];
  mongo.watch = (command) => void finds.push(command);
  await ann({ type: 'look' });
  mongo.watch = () => undefined;
  expect(finds).toMatchObject([{ find: 'leases', readConcern: { level: 'majority' } }]);
});

test('a document that is no lease is refused with a line that says what to do, and nobody leads by it', async () => {
  await leases.insertOne({ _id: lease, term: 'seven', beat: 0, recent: [] } as unknown as LeaseDocument);
  await expect(ann({ type: 'look' })).rejects.toThrow(LeaseUnreadableError);
  await expect(ann({ type: 'look' })).rejects.toThrow(`the document '${lease}' of the collection leases is no lease`);
});

test('a lease whose term is over those that the fence and the history take is none: nobody leads in terms without an order', async () => {
  await ann(acquire('a1'));
  await leases.updateOne({ _id: lease }, { $set: { term: 2 ** 52 + 1 } });
  await expect(ann({ type: 'renew', claim: 'a1', term: 2 ** 52 + 1 })).rejects.toThrow(
    'as its term; delete the document',
  );
  await expect(ben({ type: 'look' })).rejects.toThrow(LeaseUnreadableError);
  expect(await store.leaseReader().show(lease, { limit: 10, withinMs: WITHIN_MS })).toEqual({ term: 0, history: [] });
  await leases.deleteOne({ _id: lease });
  expect(await ben(acquire('b1'))).toMatchObject({ term: 1, claim: 'b1' });
});

test('a ttl that no lease has makes nobody wait', async () => {
  await ann(acquire('a1'));
  for (const ttlMs of [3_600_001, -1, 0.5, 'long', null]) {
    await leases.updateOne({ _id: lease }, { $set: { ttlMs } as object });
    expect((await look())!.ttlMs).toBeUndefined();
  }
});

const lengths = (value: unknown) => (Array.isArray(value) ? value.length : 0);
/** Values that somebody may set by hand, of every kind that MongoDB has. */
const ODD: [string, unknown][] = [
  ['a text', 'abc'],
  ['a number', 5],
  ['null', null],
  ['a list with null', [null]],
  ['a list of numbers', [1, 2]],
  ['a list with half a term', [{ term: 'x', holder: { a: 1 } }]],
  ['a document', { a: 1 }],
  ['a fraction', 3.7],
  ['no number', NaN],
  ['infinity', Infinity],
  ['a decimal', mongoose.mongo.Decimal128.fromString('7')],
  ['the largest number', mongoose.mongo.Long.MAX_VALUE],
];

test.each(ODD)('a lease whose recent terms are %s is renewed, taken and released, and shown', async (_, recent) => {
  const seen = await ann(acquire('a1'));
  await leases.updateOne({ _id: lease }, { $set: { recent } as object });
  expect(await ann({ type: 'renew', claim: 'a1', term: 1 })).toMatchObject({ term: 1, claim: 'a1' });
  const held = (await look())!;
  expect(await ben({ type: 'steal', claim: 'b1', above: 0, seen: held, end: 'observed' })).toMatchObject({ term: 2 });
  expect(await ben({ type: 'release', claim: 'b1', term: 2, end: 'released' })).toMatchObject({ term: 2 });
  expect((await document()).recent).toHaveLength(2 + lengths(recent));
  await store.leaseHistory().keep(lease, HOUR_MS);
  const shown = await store.leaseReader().show(lease, { limit: 10, withinMs: WITHIN_MS });
  expect(shown).toMatchObject({ term: 2, history: [{ term: 2 }, { term: 1, holder: 'ann' }] });
  expect(shown.history).toHaveLength(2);
  expect(seen).toMatchObject({ term: 1 });
});

test.each(ODD)(
  'with %s in any field of a lease nobody leads by a value that no lease has, and all calls end',
  async (_, value) => {
    await ann(acquire('a1'));
    for (const field of ['term', 'beat', 'claim', 'holder', 'since', 'renewedAt', 'expiresAt', 'ttlMs']) {
      const sound = await document();
      await leases.updateOne({ _id: lease }, { $set: { [field]: value } as object });
      const found = await look().catch((error: unknown) => error);
      if (found instanceof Error) {
        expect(found).toBeInstanceOf(LeaseUnreadableError);
        expect(found.message).toContain(`as its ${field}; delete the document`);
      } else {
        const { expiresAtMs, ttlMs, ...rest } = found as LeaseRecord;
        expect([undefined, (await document()).ttlMs]).toContain(ttlMs);
        expect(rest).toEqual({ term: expect.any(Number), beat: expect.any(Number), claim: expect.any(String) });
        expect([undefined, (await document()).expiresAt]).toContain(expiresAtMs);
      }
      await store.leaseHistory().keep(lease, HOUR_MS);
      const { holder } = await store.leaseReader().show(lease, { limit: 10, withinMs: WITHIN_MS });
      if (holder)
        for (const ms of [holder.since, holder.renewedAt, holder.expiresAt])
          expect(Number.isSafeInteger(ms)).toBe(true);
      await leases.replaceOne({ _id: lease }, sound);
    }
  },
);

test.each(ODD)('a term of the history that is %s takes no term back', async (_, term) => {
  await terms.insertMany([
    { _id: `${lease}:41`, lease, term: 41, holder: 'ann', since: 1 },
    { _id: `${lease}:odd`, lease, term, until: 1 } as unknown as LeaseTermDocument,
  ]);
  expect(await ann(acquire('a1'))).toMatchObject({ term: 42 });
});

test('a lease that was deleted with all its terms goes on behind the term that the figures name', async () => {
  const progress = client.db(database).collection<{ _id: string; term: unknown }>('messages.progress');
  await progress.insertMany([
    { _id: 'chat', term: 7 },
    { _id: 'odd', term: 'zzz' },
  ]);
  expect(await ann(acquire('a1'))).toMatchObject({ term: 8 });
  await progress.deleteMany({});
});
