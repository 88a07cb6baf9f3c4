import { mongo } from 'mongoose';
import type { Pulse } from '@wiber/contracts';
import { eventually, freshSystem } from '@wiber/harness';
import { Store } from '../store.ts';
import type { PulseStore } from './pulse.store.ts';

const WITHIN_MS = 5000;
let store: Store;
let client: mongo.MongoClient;
let database: string;
let pulses: PulseStore;

beforeAll(async () => {
  const env = await freshSystem();
  database = env['MONGO_DB']!;
  client = new mongo.MongoClient(env['MONGO_URI']!);
  store = Store.connect({
    ...{ uri: env['MONGO_URI']!, database, collection: 'messages' },
    ...{ appName: 'spec', serverSelectionMs: WITHIN_MS },
  });
  await store.open();
  pulses = store.figures.pulseStore();
});
afterAll(() => Promise.all([store?.close(), client?.close()]));

const pulse = (instance: string, sequence: number, process = '$one'): Pulse => ({
  ...{
    app: 'metrics',
    instance,
    process,
    seen: ['$two'],
    isShared: true,
    sequence,
    upMs: 1,
    cpuMs: 2,
    rssBytes: 3,
    isStopping: false,
  },
  breakers: [{ name: '$produce-0', state: 'open' }],
  figures: { leads: true, term: 7 },
});

test('nobody looks until somebody says so, and then for as long as it was said, and of one topic alone', async () => {
  expect(await pulses.isWatched('a', WITHIN_MS)).toBe(false);
  await pulses.watch('a', 60_000, WITHIN_MS);
  // A shorter time of another one who looks does not cut it.
  await pulses.watch('a', 1, WITHIN_MS);
  expect([await pulses.isWatched('a', WITHIN_MS), await pulses.isWatched('b', WITHIN_MS)]).toEqual([true, false]);
  await pulses.watch('b', 100, WITHIN_MS);
  await eventually(async () => expect(await pulses.isWatched('b', WITHIN_MS)).toBe(false));
});

test('the last pulse of each process of a topic is read as it was written', async () => {
  await pulses.beat('c', pulse('m-1', 1), WITHIN_MS);
  await pulses.beat('c', pulse('m-1', 2), WITHIN_MS);
  await pulses.beat('c', pulse('m-2', 1), WITHIN_MS);
  await pulses.beat('c2', pulse('m-3', 1), WITHIN_MS);
  await pulses.watch('c', 1000, WITHIN_MS);
  const found = await pulses.beats('c', WITHIN_MS);
  expect(found.toSorted((one, other) => (one.instance < other.instance ? -1 : 1))).toEqual([
    pulse('m-1', 2),
    pulse('m-2', 1),
  ]);
});

test('a pulse gives back the one that it has replaced, also of another process', async () => {
  expect(await pulses.beat('r', pulse('m-1', 1), WITHIN_MS)).toBeUndefined();
  expect(await pulses.beat('r', pulse('m-1', 2, 'other'), WITHIN_MS)).toEqual({ process: '$one', seen: ['$two'] });
  expect(await pulses.beat('r', pulse('m-1', 3), WITHIN_MS)).toEqual({ process: 'other', seen: ['$two'] });
  expect(await pulses.beats('r', WITHIN_MS)).toEqual([pulse('m-1', 3)]);
});

test('a sweep deletes what is old by MongoDB’s clock, and nothing of the last minutes', async () => {
  await pulses.beat('d', pulse('young', 1), WITHIN_MS);
  await pulses.beat('d', pulse('old', 1), WITHIN_MS);
  await client
    .db(database)
    .collection<{ _id: string }>('messages.pulses')
    .updateOne({ _id: 'd/metrics/old' }, { $set: { at: 1000 } });
  await pulses.sweep('d', WITHIN_MS);
  expect((await pulses.beats('d', WITHIN_MS)).map(({ instance }) => instance)).toEqual(['young']);
});

test('documents of others, many or huge, hide no process that lives', async () => {
  const documents = client.db(database).collection<{ _id: string }>('messages.pulses');
  const { instance: _, app: __, ...said } = pulse('a', 1);
  await documents.insertMany(
    Array.from({ length: 300 }, (_, at) => ({ _id: `e/gateway/a${at}`, at: 1000, pulse: said })),
  );
  await documents.insertOne({
    _id: 'e/metrics/huge',
    at: 4e12,
    pulse: { ...said, junk: 'x'.repeat(1_000_000) },
  } as never);
  await pulses.beat('e', pulse('lives', 1), WITHIN_MS);
  const found = (await pulses.beats('e', WITHIN_MS)).map(({ instance }) => instance);
  expect(found).toContain('lives');
  expect(found).not.toContain('huge');
});
