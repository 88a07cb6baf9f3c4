import { decodeMessage, type StoredMessage } from '@wiber/contracts';
import {
  StoreReader,
  lastWriteTime,
  memberDigests,
  requireMessage,
  requireReplicated,
  streamDeadLetters,
  withLogReader,
  type LogReader,
  type LogRecord,
} from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import type { Cluster } from '../cluster.ts';
import type { Evidence, LogRow, StoredRow } from './evidence.ts';

/** How long members may take to replicate what was written last. */
const REPLICATED_WITHIN_MS = 60_000;

/** Reads the log, the store, the dead letters, and each member of the replica set by itself. */
export const readEvidence = async (cluster: Cluster): Promise<Evidence> => {
  const { log, deadLetters } = await withLogReader(cluster.brokers(), async (reader) => ({
    log: await readLog(reader, cluster.topic),
    deadLetters: await readDeadLetters(reader, cluster.topic),
  }));
  const written = await lastWriteTime(cluster.mongoUri);
  await eventually(() => requireReplicated(cluster.mongoUri, written), { within: REPLICATED_WITHIN_MS });
  return { log, deadLetters, ...(await readStore(cluster)), members: await readMembers(cluster) };
};

const readLog = async (reader: LogReader, topic: string): Promise<LogRow[]> => {
  const bounds = (await reader.bounds(topic)) ?? [];
  const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
  const log: LogRow[] = [];
  await reader.read(topic, ranges, async ({ partition, records }) => {
    for (const record of records) log.push(rowOf(partition, record));
  });
  return log;
};

const rowOf = (partition: number, { offset, timestamp, key, value }: LogRecord): LogRow => {
  const place = { partition, offset, appendedAt: timestamp, bytes: value?.length ?? 0, key: key?.toString() };
  const decoded = decodeMessage(value);
  return decoded.ok ? { ...place, messageId: decoded.message.messageId, content: decoded.message.content } : place;
};

const readDeadLetters = async (reader: LogReader, topic: string): Promise<Evidence['deadLetters']> => {
  const found: Evidence['deadLetters'] = [];
  await streamDeadLetters(reader, topic, ({ partition, records }) => {
    for (const { offset, letter } of records) found.push(letter ?? { partition, offset });
  });
  return found;
};

const readStore = async ({ mongoUri, names }: Cluster): Promise<Pick<Evidence, 'stored' | 'damaged'>> => {
  const store = await StoreReader.open(mongoUri, names);
  const [stored, damaged]: [StoredRow[], string[]] = [[], []];
  try {
    for await (const document of store.allInLogOrder()) {
      try {
        stored.push(storedRowOf(requireMessage(document)));
      } catch (error) {
        damaged.push((error as Error).message);
      }
    }
    return { stored, damaged };
  } finally {
    await store.close();
  }
};

const storedRowOf = ({ messageId, conversationId, content, ...stored }: StoredMessage): StoredRow => {
  const { timestamp, storedAt, partition, offset } = stored;
  return { messageId, conversationId, content, timestamp, storedAt, partition, offset };
};

const readMembers = async ({ members, names }: Cluster): Promise<Evidence['members']> => {
  const digests = await Promise.all(members.map(({ address }) => memberDigests(address, names)));
  return new Map(members.map(({ id }, index) => [id, digests[index]!]));
};
