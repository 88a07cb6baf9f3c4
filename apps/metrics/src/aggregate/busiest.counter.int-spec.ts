import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { busierBy, type BusyName } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { BUSIEST_SPANS, Store } from '@wiber/mongo';
import { BusiestCounter } from './busiest.counter.ts';
import { CLOCKS, KEPT, NOW, leadOf, progressOf } from './round.double-spec.ts';

const HOUR_MS = 3_600_000;
const SIZES = { minute: 60_000, hour: HOUR_MS };
const PARTITION = 0;
const LIMITS = { withinMs: 5000 };
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

interface Sent {
  ms: number;
  user: number;
}

const recordsOf = (sent: readonly Sent[]) =>
  sent.map(({ ms, user }, offset) => {
    return { offset, timestamp: NOW + ms, key: Buffer.from(`ann:user${user}`), value: null, headers: {} };
  });

/** More conversations than a list has places. */
const records = fc.array(fc.record({ ms: fc.nat(90_000), user: fc.nat(150) }), { minLength: 1, maxLength: 400 });
/** How many records a worker lists at once, its turns of the event loop before that, and whether it dies afterwards. */
const step = fc.record({ size: fc.integer({ min: 1, max: 90 }), pause: fc.nat(6), dies: fc.boolean() });
const worker = fc.array(step, { minLength: 1, maxLength: 8 });

/** Lists all records, from the shared position on. After a death another worker, which knows no list, goes on there. */
const work = async (
  all: ReturnType<typeof recordsOf>,
  steps: readonly { size: number; pause: number; dies: boolean }[],
  { topic, position }: { topic: string; position: { next: number } },
): Promise<void> => {
  const newCounter = () => new BusiestCounter({ topic, keptMs: KEPT, store: store.figures.busiestStore() });
  const round = { lead: leadOf(), now: CLOCKS, progress: progressOf('accepted'), share: 1 };
  let counter = newCounter();
  for (let turn = 0, from = position.next; from < all.length; turn += 1) {
    const { size, pause, dies } = steps[turn % steps.length]!;
    for (let passed = 0; passed < pause; passed += 1) await new Promise((resolve) => setImmediate(resolve));
    await counter.add([{ partition: PARTITION, records: all.slice(from, from + size) }], round);
    // A schedule of deaths alone would never end.
    if (dies && turn < 3 * steps.length) {
      counter = newCounter();
      from = position.next;
    } else {
      from += size;
      position.next = Math.max(position.next, from);
    }
  }
};

const shown = async (topic: string, sent: readonly Sent[]): Promise<Map<string, BusyName[][]>> => {
  const lists = new Map<string, BusyName[][]>();
  for (const [key, { span, start }] of windowsOf(sent))
    lists.set(key, await store.figures.busiestReader().lists({ topic, span, start }, LIMITS));
  return lists;
};

const windowsOf = (sent: readonly Sent[]) => {
  const windows = new Map<string, { span: (typeof BUSIEST_SPANS)[number]; start: number; names: string[] }>();
  for (const { ms, user } of sent)
    for (const span of BUSIEST_SPANS) {
      const start = Math.floor((NOW + ms) / SIZES[span]) * SIZES[span];
      const key = `${span} ${start}`;
      windows.set(key, { span, start, names: [...(windows.get(key)?.names ?? []), `ann:user${user}`] });
    }
  return windows;
};

test('three workers at once, with any cuts and deaths and no election, write the same lists: each equals the recount', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.tuple(worker, worker, worker), async (sent, workers) => {
      const shared = { topic: `chat-${randomUUID()}`, position: { next: 0 } };
      await Promise.all(workers.map((steps) => work(recordsOf(sent), steps, shared)));
      const recount = [...windowsOf(sent)].map(([key, { names }]) => [key, [busierBy([], names)]] as const);
      expect(await shown(shared.topic, sent)).toEqual(new Map(recount));
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 300_000);

test('a window is shown with the lists of all partitions, and only of its topic', async () => {
  const topic = `chat-${randomUUID()}`;
  const counter = new BusiestCounter({ topic, keptMs: KEPT, store: store.figures.busiestStore() });
  const records = recordsOf([{ ms: 0, user: 1 }]);
  const round = { lead: leadOf(), now: CLOCKS, progress: progressOf('accepted'), share: 1 };
  await counter.add(
    [0, 1, 5].map((partition) => ({ partition, records })),
    round,
  );
  const window = { span: 'hour', start: Math.floor(NOW / HOUR_MS) * HOUR_MS } as const;
  const one = [{ name: 'ann:user1', count: 1, error: 0 }];
  expect(await store.figures.busiestReader().lists({ topic, ...window }, LIMITS)).toEqual([one, one, one]);
  expect(await store.figures.busiestReader().lists({ topic: `${topic}x`, ...window }, LIMITS)).toEqual([]);
});
