import { randomUUID } from 'node:crypto';
import { scheduleCount, testServers } from '@wiber/harness';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { Store } from '../store.ts';
import type { LeaseDocument } from './lease.schema.ts';
import { CONTENDERS, LeaseWorld, POLICY, TTL_MS } from './lease.world.double-spec.ts';

/** Schedules run beside each other, so that they share the journal's writes. */
const LANES = 40;
const SCHEDULES = scheduleCount(200);
const COMMANDS_MAX = 80;
/** At rest a schedule takes 40 ms. A timer of more than 2^31 - 1 ms fires at once. */
const WITHIN_MS = Math.min(90_000 + SCHEDULES * 300, 2 ** 31 - 1);

const database = `wiber-${randomUUID().slice(0, 8)}`;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
/** The passing of time is no part of the lease, so nothing waits for the journal. */
const leases = client.db(database).collection<LeaseDocument>('leases', { writeConcern: { w: 1, journal: false } });
let store: Store;

beforeAll(async () => {
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await store.close();
  await client.db(database).dropDatabase();
  await client.close();
});

/** What the schedules did, so that a schedule in which nothing happens cannot pass for a proof. */
const seen = { terms: 0, ends: new Map<string, number>() };

class Command implements fc.AsyncCommand<object, LeaseWorld> {
  constructor(
    private readonly text: string,
    private readonly act: (world: LeaseWorld) => unknown,
  ) {}

  check = () => true;

  async run(_: object, world: LeaseWorld): Promise<void> {
    await this.act(world);
    world.check();
  }

  toString = () => this.text;
}

const someone = fc.nat(CONTENDERS - 1);
const by = (name: string, act: (world: LeaseWorld, index: number) => unknown, weight = 1) =>
  Array.from({ length: weight }, () =>
    someone.map((index) => new Command(`${name}(${index})`, (world) => act(world, index))),
  );
/** Around every time that decides something, and twice the ttl, as a long pause. */
const spans = fc.constantFrom(
  POLICY.retryMs / 2,
  POLICY.retryMs,
  POLICY.retryMs,
  POLICY.retryMs * 1.2,
  POLICY.retryMs * 1.2,
  POLICY.renewMs - 1,
  POLICY.renewMs + 1,
  TTL_MS - 1,
  TTL_MS * 1.06,
  TTL_MS * 1.25,
  TTL_MS * 1.4,
  TTL_MS * 2,
);
const clocks = fc.constantFrom(-10 * TTL_MS, 10 * TTL_MS, -TTL_MS / 2, TTL_MS / 2);

const commands = fc.commands(
  [
    ...by('live', (world, index) => world.live(index), 6),
    ...by('send', (world, index) => world.send(index), 2),
    ...by('reach', (world, index) => world.reach(index), 2),
    ...by('deliver', (world, index) => world.deliver(index), 2),
    ...by('lose', (world, index) => world.lose(index)),
    ...by('unheard', (world, index) => world.callUnheard(index)),
    fc
      .tuple(someone, spans)
      .map(([index, ms]) => new Command(`answerLate(${index}, ${ms})`, (world) => world.answerLate(index, ms))),
    ...by('late', (world, index) => world.reachLate(index)),
    ...by('endWork', (world, index) => world.endWork(index), 2),
    ...by('giveBack', (world, index) => world.giveBack(index)),
    ...by('stop', (world, index) => world.stop(index)),
    ...by('restart', (world, index) => world.restart(index), 2),
    ...Array.from({ length: 4 }, () => spans.map((ms) => new Command(`pass(${ms})`, (world) => world.pass(ms)))),
    ...Array.from({ length: 2 }, () =>
      clocks.map((ms) => new Command(`serverClock(${ms})`, (world) => world.setServerClock(ms))),
    ),
  ],
  { maxCommands: COMMANDS_MAX, size: 'max' },
);

/** From now on every request is answered, work ends when it is told to, and stopped processes start again. */
const leaderComes = async (world: LeaseWorld): Promise<void> => {
  for (let index = 0; index < CONTENDERS; index += 1) {
    world.lose(index);
    if (world.processes[index]!.isStopped) world.restart(index);
  }
  const boundMs = TTL_MS * 1.25 * 1.06 + 3 * POLICY.retryMs;
  for (let ms = 0; ms <= boundMs; ms += POLICY.retryMs) {
    for (let index = 0; index < CONTENDERS; index += 1) {
      await world.live(index);
      world.check();
      if (world.processes[index]!.works === 'told-to-end') world.endWork(index);
      await world.live(index);
      world.check();
    }
    if (world.processes.some(({ contender }) => contender.term?.isValid())) return;
    await world.pass(POLICY.retryMs);
  }
  throw new Error('nobody leads, although all is well');
};

const isComplete = async (world: LeaseWorld): Promise<void> => {
  const { term, claim, recent } = (await world.document())!;
  const last = claim === undefined ? term : term - 1;
  expect(recent.map((one) => one.term)).toEqual(Array.from({ length: Math.min(last, 16) }, (_, index) => last - index));
  seen.terms += term;
  for (const { end } of recent) seen.ends.set(end, (seen.ends.get(end) ?? 0) + 1);
};

const run = async (schedule: Iterable<fc.AsyncCommand<object, LeaseWorld>>): Promise<void> => {
  const world = new LeaseWorld(store.leaseStore(), leases);
  await fc.asyncModelRun(() => ({ model: {}, real: world }), schedule);
  await leaderComes(world);
  await isComplete(world);
};

test(
  `in ${SCHEDULES} random schedules of takes, renewals, pauses, releases, lost and late requests, crashes and failovers to a wrong clock, at most one leads, terms only grow, nobody leads after a higher term or may write then, and a leader comes in time`,
  async () => {
    const lane = () =>
      fc.assert(fc.asyncProperty(commands, run), { numRuns: Math.ceil(SCHEDULES / LANES), endOnFailure: false });
    await Promise.all(Array.from({ length: LANES }, lane));
    // Each way in which a term can end has happened.
    expect(seen.terms).toBeGreaterThan(SCHEDULES);
    expect([...seen.ends.keys()].sort()).toEqual(['abandoned', 'expired', 'observed', 'released', 'stepped-down']);
  },
  WITHIN_MS,
);
