import { join } from 'node:path';
import { DEFAULT_COLLECTION } from '@wiber/contracts';
import { StoreEditor, type StoreReader } from '@wiber/evidence';
import type { Servers } from '../system/bench.context.ts';
import { endOf, startNode } from '../processes/child.process.ts';
import { openStore } from '../system/bench.system.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

export interface IngestRun {
  topic: string;
  who: 'wiber' | 'bare';
  run: number;
}

/** Runs an ingest on the topic while `work` runs, with a group and a database of its own. */
export const withIngest = async <T>(
  system: Servers,
  { topic, who, run }: IngestRun,
  work: (store: StoreReader) => Promise<T>,
): Promise<T> => {
  const database = `${topic}-${who}-${run}`;
  const group = database;
  const store = await openStore(system.mongoUri, database);
  const shared = { MONGO_URI: system.mongoUri, MONGO_DB: database, MONGO_COLLECTION: DEFAULT_COLLECTION };
  const brokers = system.kafka.join(',');
  const child =
    who === 'bare'
      ? startNode([join(import.meta.dirname, '..', 'bare', 'ingest.process.ts')], {
          ...shared,
          KAFKA: brokers,
          TOPIC: topic,
          GROUP: group,
        })
      : startNode(['--enable-source-maps', join(ROOT, 'apps', 'ingest', 'dist', 'main.js')], {
          ...shared,
          ...system.kafkaLogin,
          KAFKA_BOOTSTRAP_SERVERS: brokers,
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
    await store.close();
    const editor = await StoreEditor.open(system.mongoUri, { database, collection: DEFAULT_COLLECTION });
    await editor.drop();
    await editor.close();
  }
};
