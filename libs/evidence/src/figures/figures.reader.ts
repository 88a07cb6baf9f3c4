import mongoose, { type mongo } from 'mongoose';
import { COLLECTION_SUFFIX, deadLetterTopicOf, type Stream } from '@wiber/contracts';
import type { LogReader } from '../log/log.reader.ts';
import { StoreReader, type StoreNames } from '../store/store.reader.ts';
import { FiguresRecount, type WindowFigures } from './figures.recount.ts';

const { MongoClient } = mongoose.mongo;

export interface FiguresNames extends StoreNames {
  mongoUri: string;
  /** The topic of the messages. */
  topic: string;
}

/** By stream and partition. */
type Positions = Partial<Record<Stream, Map<number, number>>>;

/** How far the metrics workers have counted. */
export interface CountedTo {
  /** Where counting began, where that is not the start. */
  begin: Positions;
  /** Everything before this offset is counted. */
  next: Positions;
}

interface ProgressRow {
  _id: string;
  begin?: Partial<Record<Stream, Record<string, number>>>;
  next?: Partial<Record<Stream, Record<string, number>>>;
}

type WindowRow = Pick<WindowFigures, 'upTo' | 'counts' | 'samples'> & {
  _id: Pick<WindowFigures, 'stream' | 'span' | 'start' | 'partition'> & { topic: string };
};

/** Reads what the metrics workers have written with a plain client: majority, on the primary. */
const inStore = async <T>({ mongoUri, database }: FiguresNames, work: (db: mongo.Db) => Promise<T>): Promise<T> => {
  const options = { readPreference: 'primary', readConcern: { level: 'majority' }, appName: 'wiber-evidence' } as const;
  const client = new MongoClient(mongoUri, options);
  try {
    return await work((await client.connect()).db(database));
  } finally {
    await client.close();
  }
};

/** The names of the collections of the figures, as seen from outside the product. */
export const figuresCollectionsOf = (collection: string) => ({
  windows: `${collection}${COLLECTION_SUFFIX.stats}`,
  progress: `${collection}${COLLECTION_SUFFIX.progress}`,
});

/** Undefined while no worker has written. */
export const readCountedTo = (names: FiguresNames): Promise<CountedTo | undefined> =>
  inStore(names, async (db) => {
    const { progress } = figuresCollectionsOf(names.collection);
    const found = await db.collection<ProgressRow>(progress).findOne({ _id: names.topic });
    return found ? { begin: positionsOf(found.begin), next: positionsOf(found.next) } : undefined;
  });

const positionsOf = (found: ProgressRow['next'] = {}): Positions =>
  Object.fromEntries(
    Object.entries(found).map(([stream, positions]) => [
      stream,
      new Map(Object.entries(positions).map(([name, position]) => [Number(name.slice(1)), position])),
    ]),
  );

/** Every window of the topic as it is in the store. */
export const readWindows = (names: FiguresNames): Promise<WindowFigures[]> =>
  inStore(names, async (db) => {
    const { windows } = figuresCollectionsOf(names.collection);
    const found = await db.collection<WindowRow>(windows).find({ '_id.topic': names.topic }).toArray();
    return found.map(({ _id: { stream, span, start, partition }, upTo, counts, samples }) => {
      return { stream, span, start, partition, upTo, counts, samples };
    });
  });

/** The same windows, counted anew from the log and from the documents of the store, where the workers began to count. */
export const recountWindows = async (
  log: LogReader,
  names: FiguresNames,
  { begin }: CountedTo,
): Promise<WindowFigures[]> => {
  const { mongoUri, database, collection, topic } = names;
  const recount = new FiguresRecount(topic);
  await readAll(log, topic, (partition, record) => recount.addAccepted(partition, record));
  await readAll(log, deadLetterTopicOf(topic), (partition, record) => recount.addDeadLetter(partition, record));
  const store = await StoreReader.open(mongoUri, { database, collection });
  try {
    for await (const { fields } of store.allInLogOrder()) {
      const from = begin.stored?.get(fields.partition as number) ?? 0;
      if ((fields.offset as number) >= from) recount.addStored(fields);
    }
  } finally {
    await store.close();
  }
  return recount.windows();
};

type Take = (partition: number, record: Parameters<FiguresRecount['addAccepted']>[1]) => void;

const readAll = async (log: LogReader, topic: string, take: Take): Promise<void> => {
  const bounds = (await log.bounds(topic)) ?? [];
  const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
  await log.read(topic, ranges, async ({ partition, records }) => {
    for (const record of records) take(partition, record);
  });
};
