import { mongo } from 'mongoose';
import { WorkShare, type SharePolicy } from '@wiber/resilience';
import type { Span, Stream } from '@wiber/contracts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { PARTS, type WindowPart } from './window.parts.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** Windows of one stream and size: those whose start is at least `from` and less than `to`, of all partitions. */
export interface WindowRange {
  topic: string;
  stream: Stream;
  span: Span;
  /** Integer milliseconds. */
  from: number;
  to: number;
}

/** What the event loop decodes in one turn: some milliseconds of work. */
const PORTION_BYTES = 256 * 1024;
/** Small documents cost by their number: about 10 µs each. */
const PORTION_DOCUMENTS = 500;
/**
 * A reply has 16 MB at most and does not say that it was cut there. A shorter reply than this was not cut, unless one
 * document alone is larger than 15 MB.
 */
const UNCUT_BYTES = 1_000_000;
/** Figures are read, decoded and merged by the thread that also takes messages. */
const SHARE: SharePolicy = { type: 'share', share: 0.2, burstMs: 30 };
/** Made by MongoDB on _id. */
const BY_KEY = '_id_';
const RAW = { fieldsAsRaw: { firstBatch: true } } as const;

/** Reads windows in portions. Decoding takes a bounded time of one turn, and a share of the time of the process. */
export class WindowFinder {
  /** What it takes to make answers of figures: also that of the callers. */
  readonly work = new WorkShare(SHARE);
  private readonly reads: StoreReads;
  private readonly collection: string;

  constructor(reads: StoreReads, collection: string) {
    this.reads = reads;
    this.collection = collection;
  }

  /** In the order of keys. @throws StoreUnavailableError, StoreBehindError */
  async *find(range: WindowRange, part: WindowPart, limits: ReadLimits): AsyncGenerator<WindowDocument[]> {
    const { low, high } = keysOf(range);
    const { projection, bytes } = PARTS[part];
    let limit = Math.max(1, Math.min(PORTION_DOCUMENTS, Math.floor(PORTION_BYTES / bytes(range.span))));
    for (let after: Prefix | WindowKey = low; ;) {
      const find: mongo.Document = {
        find: this.collection,
        filter: { _id: { $gt: after, $lt: high } },
        projection: { ...projection, upTo: 1 },
        sort: { _id: 1 },
        hint: BY_KEY,
        limit,
        batchSize: limit,
        singleBatch: true,
      };
      const { documents, size } = await this.rows<WindowDocument>(find, limits);
      if (documents.length > 0) yield documents;
      if (documents.length === 0 || (documents.length < limit && size < UNCUT_BYTES)) return;
      after = documents.at(-1)!._id;
      // Most documents are smaller than they may be. They may grow again, so the next portion has twice as many at most.
      const fitting = Math.floor((PORTION_BYTES * documents.length) / size);
      limit = Math.max(1, Math.min(PORTION_DOCUMENTS, 2 * limit, fitting));
    }
  }

  /**
   * One row for each window that has documents, in the order of starts: MongoDB adds up those of the partitions.
   * @param sums accumulators by the name of their field
   * @param most more windows than the range has
   */
  async group<T>(
    range: WindowRange,
    { sums, most }: { sums: mongo.Document; most: number },
    limits: ReadLimits,
  ): Promise<(T & { _id: number })[]> {
    const { low, high } = keysOf(range);
    const pipeline = [
      { $match: { _id: { $gt: low, $lt: high } } },
      { $group: { _id: '$_id.start', ...sums } },
      { $sort: { _id: 1 } },
    ];
    const command = { aggregate: this.collection, pipeline, hint: BY_KEY, cursor: { batchSize: most } };
    return (await this.rows<T & { _id: number }>(command, limits)).documents;
  }

  private async rows<T>(command: mongo.Document, limits: ReadLimits): Promise<{ documents: T[]; size: number }> {
    const reply = (await this.reads.run(command, limits, RAW)) as { cursor: { firstBatch: Uint8Array[] } };
    const { firstBatch } = reply.cursor;
    const size = firstBatch.reduce((sum, { length }) => sum + length, 0);
    // Texts of a foreign writer may be no UTF-8.
    const decoded = () => firstBatch.map((row) => mongo.BSON.deserialize(row, { validation: { utf8: false } }) as T);
    return { documents: await this.work.run(decoded), size };
  }
}

type Prefix = Omit<WindowKey, 'partition'>;

/** The order of the fields is part of the key. A key without its last field sorts before all keys that begin with it. */
const keysOf = ({ topic, stream, span, from, to }: WindowRange): { low: Prefix; high: Prefix } => ({
  low: { topic, stream, span, start: from },
  high: { topic, stream, span, start: to },
});
