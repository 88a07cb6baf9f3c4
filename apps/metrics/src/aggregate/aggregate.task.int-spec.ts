import { randomUUID } from 'node:crypto';
import { deadLetterTopicOf, mergeFigures, reasonsOf, type Figures } from '@wiber/contracts';
import { TopicAdmin, appendRaw, createTopic, testServers } from '@wiber/harness';
import { KafkaProbe, LogFetcher, createKafka, type ReadRecord } from '@wiber/kafka';
import { Store } from '@wiber/mongo';
import { NO_TRACING, type WiberLogger } from '@wiber/observability';
import { RoundTracer } from '../tracing/round.tracer.ts';
import { AggregateTask } from './aggregate.task.ts';
import { LogStream } from './log.stream.ts';
import { ConversationSamples } from './conversation.samples.ts';
import { NameHash } from './name.hash.ts';
import { acceptedFact, deadLetterFact } from './record.facts.ts';
import { KEPT, leadOf } from './round.double-spec.ts';
import { fold } from './window.fold.ts';

const PARTITIONS = 3;
const LIMITS = { withinMs: 5000 };
const { kafka: brokers, mongoUri } = testServers();
const topic = `chat-${randomUUID().slice(0, 8)}`;
const kafka = createKafka({ brokers, clientId: 'spec', log: () => undefined });
const logger = { warn: () => undefined, error: () => undefined } as unknown as WiberLogger;
const probe = new KafkaProbe(kafka);
const fetchers: LogFetcher[] = [];
let store: Store;

const fetcherOf = (): LogFetcher => {
  const fetcher = new LogFetcher(kafka);
  fetchers.push(fetcher);
  return fetcher;
};

beforeAll(async () => {
  await createTopic(brokers, { topic, partitions: PARTITIONS });
  await createTopic(brokers, { topic: deadLetterTopicOf(topic), partitions: 1 });
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  store = Store.connect({ uri: mongoUri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await Promise.all([...fetchers.map((fetcher) => fetcher.close()), probe.close(), store?.close()]);
});

const names = new NameHash();
const samples = new ConversationSamples(names);

/** The task of one worker, with connections of its own. What ingest stored is counted by another spec. */
const worker = (of = topic): AggregateTask => {
  const writer = store.statsWriter();
  const shared = { topic: of, keptMs: KEPT, writer, probe, logger, now: () => performance.now() };
  const nothing = { begin: new Map(), next: new Map(), completeTo: undefined, gauges: new Map(), hasMore: false };
  return new AggregateTask({
    topic: of,
    periodMs: 100,
    idleMs: 0,
    now: () => performance.now(),
    wall: () => Date.now(),
    keptMs: KEPT,
    writer,
    streams: {
      accepted: new LogStream(
        { ...shared, fetcher: fetcherOf() },
        { read: of, stream: 'accepted', factOf: (record) => acceptedFact(record, samples) },
      ),
      stored: { count: async () => nothing },
      dead_lettered: new LogStream(
        { ...shared, fetcher: fetcherOf() },
        { read: deadLetterTopicOf(of), stream: 'dead_lettered', factOf: (record) => deadLetterFact(record, of) },
      ),
    },
    tracer: new RoundTracer({ tracing: NO_TRACING, topic: of, progress: '' }),
    onProgress: () => undefined,
  });
};

const append = (from: number, count: number) =>
  appendRaw(
    { KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: topic },
    Array.from({ length: count }, (_, index) => ({
      key: `user${(from + index) % 500}:zoe`,
      partition: (from + index) % PARTITIONS,
      value: Buffer.alloc((from + index) % 50, 'x'),
    })),
  );

/** Every record of the log, by partition. */
const readAll = async (): Promise<Map<number, ReadRecord[]>> => {
  const all = new Map<number, ReadRecord[]>();
  const positions = new Map<number, number>();
  const plan = { topic, positions, partitionBytes: 1_500_000, brokerBytes: 6_000_000, withinMs: 5000 };
  for (let isDone = false; !isDone;) {
    const { fetched } = await fetcherOf().fetch(plan);
    for (const { partition, records, next } of fetched) {
      all.set(partition, [...(all.get(partition) ?? []), ...records]);
      positions.set(partition, next);
    }
    isDone = fetched.every(({ next, end }) => next >= end);
  }
  return all;
};

test('three workers that all count at once, without an election, count each record of the log once', async () => {
  const workers = [worker(), worker(), worker()];
  let isDone = false;
  const running = workers.map(async (task, index) => {
    // Two of them never stop; the third begins anew each time, from the last position.
    while (!isDone) await (index === 2 ? worker() : task).run(leadOf());
  });
  for (let sent = 0; sent < 6000; sent += 600) await append(sent, 600);
  await appendRaw({ KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: deadLetterTopicOf(topic) }, [
    { key: null, partition: 0, value: Buffer.from('stray') },
  ]);
  isDone = true;
  await Promise.all(running);
  await workers[0]!.run(leadOf());

  const reader = store.statsReader();
  const { at: now } = (await reader.progress(topic, LIMITS))!;
  const recount = new Map<string, Figures[]>();
  for (const [partition, records] of await readAll()) {
    const facts = records.map((record) => acceptedFact(record, samples));
    for (const { window, figures } of fold(facts, { topic, stream: 'accepted', partition, now, keptMs: KEPT })) {
      const key = `${window.span} ${window.start}`;
      recount.set(key, [...(recount.get(key) ?? []), figures]);
    }
  }
  for (const [size, sample] of [
    ['second', 64],
    ['minute', 256],
    ['hour', 1024],
  ] as const) {
    const range = { from: 0, to: now + 7_200_000 };
    const shown = await reader.windows({ topic, stream: 'accepted', size, part: 'all', ...range }, LIMITS);
    const expected = [...recount].filter(([key]) => key.startsWith(`${size} `));
    expect(new Map([...shown].map(([start, figures]) => [`${size} ${start}`, figures]))).toEqual(
      new Map(expected.map(([key, parts]) => [key, mergeFigures(parts, sample)])),
    );
  }
  const totals = [...(await reader.totals(topic, 'accepted', LIMITS)).values()];
  expect(mergeFigures(totals, 0).counts['records']).toBe(6000);
  const dead = (await reader.totals(topic, 'dead_lettered', LIMITS)).get(0)!;
  expect(reasonsOf(dead)).toEqual({ unknown: 1 });
}, 120_000);

test('after a cut of all partitions one run counts what is left in each of them', async () => {
  const cut = `cut-${randomUUID().slice(0, 8)}`;
  const env = { KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: cut };
  const partitions = Array.from({ length: 12 }, (_, partition) => partition);
  await createTopic(brokers, { topic: cut, partitions: partitions.length });
  const records = partitions.map((partition) => ({ key: 'ann:ben', partition, value: Buffer.from('x') }));
  await appendRaw(env, records);
  await new TopicAdmin(env).dropBefore(partitions.map(() => 1));
  await appendRaw(env, records);
  await worker(cut).run(leadOf());
  const totals = await store.statsReader().totals(cut, 'accepted', LIMITS);
  expect(partitions.map((partition) => totals.get(partition)?.counts['records'])).toEqual(partitions.map(() => 1));
});
