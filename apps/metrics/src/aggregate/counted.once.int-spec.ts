import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { COUNT, SAMPLE, type Figures, type WindowSize } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { FencedError, Store } from '@wiber/mongo';
import { addStretches, type CountPorts } from './counted.stream.ts';
import type { Fact } from './record.facts.ts';
import { leadOf, openFence } from './round.double-spec.ts';
import { fold } from './window.fold.ts';

const HOUR_MS = 3_600_000;
const KEPT = { second: HOUR_MS, minute: HOUR_MS, hour: HOUR_MS };
const PARTITION = 0;
let store: Store;

beforeAll(async () => {
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await store?.close();
});

/** What a worker does next with records that it has read. */
interface Step {
  /** How many records it counts at once. */
  size: number;
  /** kill: it ends after the figures and before the position; another worker starts from the last position. */
  then: 'advance' | 'kill';
  /** Turns of the event loop before it writes: a pause in which others overtake it. */
  pause: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  size: fc.integer({ min: 1, max: 12 }),
  then: fc.constantFrom('advance', 'advance', 'kill'),
  pause: fc.nat(6),
});
const worker = fc.array(step, { minLength: 1, maxLength: 8 });
/** Most in the same second: more distinct users than the sample of a second keeps. */
const ms = fc.oneof({ weight: 3, arbitrary: fc.nat(1500) }, { weight: 1, arbitrary: fc.nat(61_000) });
const record = fc.record({ ms, user: fc.nat(200), bytes: fc.nat(99) });

const factsOf = (records: readonly { ms: number; user: number; bytes: number }[], from: number): Fact[] =>
  records.map(({ ms, user, bytes }, offset) => ({
    offset,
    at: from + ms,
    counts: { [COUNT.records]: 1, [COUNT.bytes]: bytes, [`latency_b${bytes}`]: 1 },
    samples: { [SAMPLE.users]: [user, 1000 + user * 7, 3000 + user * 13, 6000 + user * 17] },
  }));

/** Counts all records, from the last position on, with the cuts and the deaths of its steps, which it repeats. */
const work = async (
  facts: readonly Fact[],
  { steps, term }: { steps: readonly Step[]; term: number },
  ports: CountPorts,
): Promise<void> => {
  const writer = store.statsWriter();
  const lead = leadOf(() => true, term);
  const advance = (next: ReadonlyMap<number, number>) =>
    writer.advance(ports.topic, {
      fence: openFence(term),
      keptMs: KEPT,
      streams: new Map([
        ['accepted', { begin: new Map(), next, completeTo: undefined, gauges: new Map<number, object>() }],
      ]),
    });
  let progress = await advance(new Map());
  let from = progress.next.accepted.get(PARTITION) ?? 0;
  for (let turn = 0; from < facts.length; turn += 1) {
    // A schedule of deaths alone would never end.
    const { size, then, pause } = steps[turn % steps.length]!;
    const cut = facts.slice(from, from + size);
    for (let passed = 0; passed < pause; passed += 1) await new Promise((resolve) => setImmediate(resolve));
    await addStretches([{ partition: PARTITION, facts: cut }], 'accepted', {
      ports,
      round: { lead, now: { earliest: progress.at, latest: progress.at }, progress, share: 1 },
    });
    if (then === 'kill' && turn < 3 * steps.length) {
      // The successor reads the position. It may be that of another worker, further ahead or further back.
      progress = await advance(new Map());
      from = progress.next.accepted.get(PARTITION) ?? 0;
    } else {
      // A worker of the past goes on from its own position, and does not look at that of the others.
      from += cut.length;
      progress = await advance(new Map([[PARTITION, from]]));
    }
  }
};

/** All windows of the topic, as the gateway would read them. */
const shown = async (topic: string, now: number): Promise<Map<string, Figures>> => {
  const found = new Map<string, Figures>();
  for (const size of ['second', 'minute', 'hour'] as WindowSize[]) {
    const range = { from: now - 2 * HOUR_MS, to: now + 2 * HOUR_MS };
    const query = { topic, stream: 'accepted', size, part: 'all', ...range } as const;
    const windows = await store.statsReader().windows(query, { withinMs: 5000 });
    for (const [start, figures] of windows) found.set(`${size} ${start}`, figures);
  }
  const total = (await store.statsReader().totals(topic, 'accepted', { withinMs: 5000 })).get(PARTITION);
  if (total) found.set('total 0', { ...total, samples: {} });
  return found;
};

const recount = (facts: readonly Fact[], topic: string, now: number): Map<string, Figures> =>
  new Map(
    fold(facts, { topic, stream: 'accepted', partition: PARTITION, now, keptMs: KEPT }).map(({ window, figures }) => {
      const { span, start } = window;
      return [`${span} ${start}`, span === 'total' ? { ...figures, samples: {} } : figures];
    }),
  );

/** Lets three workers count the same records, each in its term, and compares what is stored with a recount. */
const checkThree = (terms: readonly [number, number, number], onEnd: (error: unknown) => void) =>
  fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 60 }),
      fc.tuple(worker, worker, worker),
      async (records, workers) => {
        const topic = `chat-${randomUUID()}`;
        const now = Math.floor(performance.timeOrigin / HOUR_MS) * HOUR_MS;
        const facts = factsOf(records, now);
        const logger = { error: () => undefined };
        const ports = { topic, keptMs: KEPT, writer: store.statsWriter(), logger };
        await Promise.all(
          workers.map((steps, index) => work(facts, { steps, term: terms[index]! }, ports).catch(onEnd)),
        );
        expect(await shown(topic, now)).toEqual(recount(facts, topic, now));
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );

test('three workers at once, with any cuts, pauses and deaths and no election, count each record once: each window equals the recount', async () => {
  // In one term, and with a lease that does not end: MongoDB refuses nobody.
  await checkThree([1, 1, 1], (error) => {
    throw error;
  });
}, 300_000);

test('of three workers with different terms and leases that do not end, the highest term counts everything once, and MongoDB refuses the others', async () => {
  let refused = 0;
  await checkThree([1, 2, 3], (error) => {
    if (!(error instanceof FencedError)) throw error;
    refused += 1;
  });
  expect(refused).toBeGreaterThan(0);
}, 300_000);
