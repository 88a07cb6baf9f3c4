import { join } from 'node:path';
import { DEFAULT_COLLECTION, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import type { Bench } from '../system/bench.context.ts';
import { endOf, firstLineOf, startNode } from '../processes/child.process.ts';

/** Runs the bare gateway on the servers of the system while `work` runs; `work` gets its URL. */
export const withBareGateway = async <T>({ system }: Bench, work: (url: string) => Promise<T>): Promise<T> => {
  const child = startNode([join(import.meta.dirname, 'gateway.process.ts')], {
    KAFKA: system.kafka.join(','),
    TOPIC: DEFAULT_TOPIC,
    MONGO_URI: system.mongoUri,
    MONGO_DB: DEFAULT_DATABASE,
    MONGO_COLLECTION: DEFAULT_COLLECTION,
  });
  try {
    return await work(await firstLineOf(child, 'the bare gateway'));
  } finally {
    const ended = endOf(child);
    child.stdin!.end();
    await ended;
  }
};
