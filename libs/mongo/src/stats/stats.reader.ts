import type { mongo } from 'mongoose';
import { COUNT, SAMPLE, SAMPLE_SIZE, mergeFigures, type Figures, type Stream, type WindowSize } from '@wiber/contracts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import type { ProgressDocument } from './progress.schema.ts';
import { readableFigures } from './readable.figures.ts';
import { progressOf, type Progress } from './topic.progress.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** The part of a window's figures that is read; the others are missing from the answer. */
export type WindowPart = 'records' | 'bytes' | 'counts' | 'users' | 'conversations' | 'all';

/** Fields of each part, and how many documents one query should read: partitions times windows. A full sample has 13 kB. */
const PARTS: Readonly<Record<WindowPart, { projection: mongo.Document; documents: number }>> = {
  records: { projection: { [`counts.${COUNT.records}`]: 1 }, documents: 20_000 },
  bytes: { projection: { [`counts.${COUNT.bytes}`]: 1 }, documents: 20_000 },
  counts: { projection: { counts: 1 }, documents: 5000 },
  users: { projection: { [`samples.${SAMPLE.users}`]: 1 }, documents: 2000 },
  conversations: { projection: { [`samples.${SAMPLE.conversations}`]: 1 }, documents: 2000 },
  all: { projection: { counts: 1, samples: 1 }, documents: 1000 },
};

export interface WindowsQuery {
  topic: string;
  stream: Stream;
  size: WindowSize;
  part: WindowPart;
  /** Integer milliseconds: the starts of the first window and of the one after the last. */
  from: number;
  to: number;
}

/** How many windows of a topic one query should ask for. */
export const windowsAtOnce = (part: WindowPart, partitions: number): number =>
  Math.max(1, Math.floor(PARTS[part].documents / Math.max(1, partitions)));

/** The figures as clients ask for them: of all partitions together. */
export class StatsReader {
  private readonly reads: StoreReads;
  private readonly names: { windows: string; progress: string };

  constructor(reads: StoreReads, names: { windows: string; progress: string }) {
    this.reads = reads;
    this.names = names;
  }

  /** How far the topic is counted; undefined while no leader has written. @throws StoreUnavailableError, StoreBehindError */
  async progress(topic: string, limits: ReadLimits): Promise<Progress | undefined> {
    const find = { find: this.names.progress, filter: { _id: topic }, limit: 1, singleBatch: true };
    const [document] = batchOf<ProgressDocument>(await this.reads.run(find, limits));
    return document && progressOf(document);
  }

  /**
   * The figures of windows, by their start. A window without any record is absent.
   * @throws StoreUnavailableError, StoreBehindError
   */
  async windows(
    { topic, stream, size, part, from, to }: WindowsQuery,
    limits: ReadLimits,
  ): Promise<Map<number, Figures>> {
    const low = { topic, stream, span: size, start: from };
    const found = await this.find({ low, high: { ...low, start: to }, part }, limits);
    const parts = new Map<number, Figures[]>();
    for (const document of found) {
      const { start } = document._id;
      const present = parts.get(start);
      if (present) present.push(readableFigures(document));
      else parts.set(start, [readableFigures(document)]);
    }
    return new Map([...parts].map(([start, each]) => [start, mergeFigures(each, SAMPLE_SIZE[size])]));
  }

  /** The counts of all time, by partition. @throws StoreUnavailableError, StoreBehindError */
  async totals(topic: string, stream: Stream, limits: ReadLimits): Promise<Map<number, Figures>> {
    const low = { topic, stream, span: 'total', start: 0 } as const;
    const found = await this.find({ low, high: { ...low, start: 1 }, part: 'counts' }, limits);
    return new Map(found.map((document) => [document._id.partition, readableFigures(document)]));
  }

  /**
   * Reads a range of keys. One answer has 16 MB at most and does not say that it was cut there, so the next read goes on
   * behind it until one is empty. A key without its last field sorts before all keys that begin with it.
   */
  private async find({ low, high, part }: KeyRange, limits: ReadLimits): Promise<WindowDocument[]> {
    const shared = sharedLimits(limits);
    const { projection, documents } = PARTS[part];
    const found: WindowDocument[] = [];
    for (let after: Prefix | WindowKey = low; ;) {
      const find: mongo.Document = {
        find: this.names.windows,
        filter: { _id: { $gt: after, $lt: high } },
        projection,
        sort: { _id: 1 },
        hint: BY_KEY,
        limit: documents,
        batchSize: documents,
        singleBatch: true,
      };
      const batch = batchOf<WindowDocument>(await this.reads.run(find, shared));
      if (batch.length === 0) return found;
      for (const document of batch) found.push(document);
      after = batch.at(-1)!._id;
    }
  }
}

/** Made by MongoDB on _id. */
const BY_KEY = '_id_';

type Prefix = Omit<WindowKey, 'partition'>;
interface KeyRange {
  low: Prefix;
  high: Prefix;
  part: WindowPart;
}

const batchOf = <T>(reply: mongo.Document): T[] => (reply as { cursor: { firstBatch: T[] } }).cursor.firstBatch;
