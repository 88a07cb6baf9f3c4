import { join } from 'node:path';
import { DEFAULT_COLLECTION, conversationIdOf } from '@wiber/contracts';
import { DEFAULT_LANE_POLICY, LogProducer, createKafka } from '@wiber/kafka';
import type { MessageStore } from '@wiber/mongo';
import { createTopic } from '../bare/topic.admin.ts';
import { endOf, startNode, until } from '../children.ts';
import { contentOf, conversationOf } from '../load/load.job.ts';
import { inTurn, storeOf, storedCount, type Bench, type Figure } from './figure.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const PARTITIONS = 6;
const CONVERSATIONS = 1000;

export interface Backlog {
  topic: string;
  size: number;
  /** A record in its middle that can't be read. */
  poison?: { key: string; value: string };
}

/** Messages as the gateway writes them, 200 bytes of content, over 1,000 conversations. */
export const seed = async (bench: Bench, { topic, size, poison }: Backlog): Promise<void> => {
  const log = () => undefined;
  const kafka = createKafka({ brokers: bench.system.kafka, clientId: 'bench', log });
  await createTopic(bench.system.kafka, topic, PARTITIONS);
  const policy = { ...DEFAULT_LANE_POLICY, deadlineMs: 60_000, stallMs: 60_000 };
  const producer = new LogProducer({ kafka, topic, policy, log });
  await producer.connect();
  const chunk = Math.min(5000, size / 2);
  for (let from = 0; from < size; from += chunk) {
    if (poison && from === size / 2) await producer.send(poison);
    const numbers = Array.from({ length: Math.min(chunk, size - from) }, (_, index) => from + index);
    await Promise.all(
      numbers.map((number) => {
        const [fromUser, toUser] = conversationOf('drain', number % CONVERSATIONS);
        const messageId = `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
        const content = contentOf(number, 200);
        const message = { messageId, fromUser, toUser, content, timestamp: Date.now(), lamport: number };
        return producer.send({ key: conversationIdOf(fromUser, toUser), value: JSON.stringify(message) });
      }),
    );
  }
  await producer.close(5000);
};

/** Messages a second from the first stored one to the last. */
const drainRate = async (store: MessageStore, backlog: number): Promise<number> => {
  let first: { at: number; count: number } | undefined;
  await until(
    async () => {
      const count = await storedCount({ store });
      if (count > 0) first ??= { at: performance.now(), count };
      return count >= backlog;
    },
    { what: `the backlog of ${backlog} is stored`, withinMs: 240_000, everyMs: 10 },
  );
  return (backlog - first!.count) / ((performance.now() - first!.at) / 1000);
};

interface DrainRun {
  topic: string;
  who: 'wiber' | 'bare';
  run: number;
}

/** Starts an ingest on the topic for as long as `work` takes, with a group and a database of its own. */
export const ingesting = async <T>(
  bench: Bench,
  { topic, who, run }: DrainRun,
  work: (store: MessageStore) => Promise<T>,
): Promise<T> => {
  const database = `${topic}-${who}-${run}`;
  const group = database;
  const store = await storeOf(bench.system.mongoUri, database);
  const shared = { MONGO_URI: bench.system.mongoUri, MONGO_DB: database, MONGO_COLLECTION: DEFAULT_COLLECTION };
  const child =
    who === 'bare'
      ? startNode([join(import.meta.dirname, '..', 'bare', 'ingest.process.ts')], {
          ...shared,
          KAFKA: bench.system.kafka.join(','),
          TOPIC: topic,
          GROUP: group,
        })
      : startNode(['--enable-source-maps', join(ROOT, 'apps', 'ingest', 'dist', 'main.js')], {
          ...shared,
          KAFKA_BOOTSTRAP_SERVERS: bench.system.kafka.join(','),
          KAFKA_TOPIC: topic,
          KAFKA_CONSUMER_GROUP: group,
          INGEST_PORT: '0',
          INSTANCE: 'ingest-bench',
        });
  child.stdout!.resume();
  try {
    return await work(store);
  } finally {
    const ended = endOf(child);
    child.kill('SIGTERM');
    await ended;
    await store.messages.drop();
    await store.close();
  }
};

const drain = async (bench: Bench, run: DrainRun): Promise<number> =>
  ingesting(bench, run, async (store) => {
    const rate = await drainRate(store, bench.backlog);
    bench.say(`drain ${run.who} run ${run.run + 1}: ${Math.round(rate)} messages/s`);
    return rate;
  });

export const INGEST_DRAIN: Figure = {
  name: 'drain',
  title: 'ingest draining a backlog, all indexes',
  measure: async (bench) => {
    const topic = 'bench-drain';
    bench.say(`drain: writing a backlog of ${bench.backlog}`);
    await seed(bench, { topic, size: bench.backlog });
    const spreads = await inTurn(Math.min(3, bench.runs), {
      wiber: (run) => drain(bench, { topic, who: 'wiber', run }),
      bare: (run) => drain(bench, { topic, who: 'bare', run }),
    });
    return {
      title: `ingest draining a backlog of ${bench.backlog.toLocaleString('en')}, all indexes`,
      unit: 'messages/s',
      ...spreads,
      goals: [
        { what: 'of bare', got: spreads.ratio.median, reach: 0.7, type: 'at-least' },
        { what: 'messages/s', got: spreads.wiber.median, reach: 12_000, type: 'at-least' },
      ],
    };
  },
};
