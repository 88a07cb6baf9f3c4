import { mongo } from 'mongoose';
import { WorkShare, type SharePolicy } from '@wiber/resilience';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';

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
export const BY_KEY = '_id_';
const RAW = { fieldsAsRaw: { firstBatch: true } } as const;

/** The documents of one collection whose keys are after `low` and before `high`. */
export interface KeyRange {
  collection: string;
  low: object;
  high: object;
  projection: mongo.Document;
  /** About the size of one document in BSON, at most. */
  bytes: number;
}

/**
 * Reads documents of figures. Decoding takes a bounded time of one turn, and a share of the time of the process, which all
 * who make answers of figures have together.
 */
export class FigureRows {
  /** What it takes to make answers of figures: also that of the callers. */
  readonly work = new WorkShare(SHARE);
  private readonly reads: StoreReads;

  constructor(reads: StoreReads) {
    this.reads = reads;
  }

  /** In the order of keys, in portions that one turn can decode. @throws StoreUnavailableError, StoreBehindError */
  async *portions<T extends { _id: object }>(range: KeyRange, limits: ReadLimits): AsyncGenerator<T[]> {
    const { collection, low, high, projection, bytes } = range;
    let limit = Math.max(1, Math.min(PORTION_DOCUMENTS, Math.floor(PORTION_BYTES / bytes)));
    for (let after = low; ;) {
      const find: mongo.Document = {
        find: collection,
        filter: { _id: { $gt: after, $lt: high } },
        projection,
        sort: { _id: 1 },
        hint: BY_KEY,
        limit,
        batchSize: limit,
        singleBatch: true,
      };
      const { documents, size } = await this.read<T>(find, limits);
      if (documents.length > 0) yield documents;
      if (documents.length === 0 || (documents.length < limit && size < UNCUT_BYTES)) return;
      after = documents.at(-1)!._id;
      // Most documents are smaller than they may be. They may grow again, so the next portion has twice as many at most.
      const fitting = Math.floor((PORTION_BYTES * documents.length) / size);
      limit = Math.max(1, Math.min(PORTION_DOCUMENTS, 2 * limit, fitting));
    }
  }

  /** The first batch of a find or an aggregate, and its size in bytes. @throws StoreUnavailableError, StoreBehindError */
  async read<T>(command: mongo.Document, limits: ReadLimits): Promise<{ documents: T[]; size: number }> {
    const firstBatch = batchOf<Uint8Array>(await this.reads.runNewest(command, limits, RAW));
    const size = firstBatch.reduce((sum, { length }) => sum + length, 0);
    // Texts of a foreign writer may be no UTF-8.
    const decoded = () => firstBatch.map((row) => mongo.BSON.deserialize(row, { validation: { utf8: false } }) as T);
    return { documents: await this.work.run(decoded), size };
  }
}
