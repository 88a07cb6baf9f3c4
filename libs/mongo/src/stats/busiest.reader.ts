import type { mongo } from 'mongoose';
import type { BusyName } from '@wiber/contracts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import type { BusiestDocument, BusiestKey } from './busiest.schema.ts';
import { readableList } from './readable.list.ts';

/** Documents of one answer. One has up to 30 kB, where all names are as long as they may be. */
const PARTITIONS_AT_ONCE = 200;

/** The lists of the busiest conversations, for those who show them. */
export class BusiestReader {
  private readonly reads: StoreReads;
  private readonly collection: string;

  constructor(reads: StoreReads, collection: string) {
    this.reads = reads;
    this.collection = collection;
  }

  /** The list of each partition that has one in this window. @throws StoreUnavailableError, StoreBehindError */
  async lists({ topic, span, start }: Omit<BusiestKey, 'partition'>, limits: ReadLimits): Promise<BusyName[][]> {
    const shared = sharedLimits(limits);
    // The order of these fields is part of the key. A key without its last field sorts before all that begin with it.
    const low = { topic, span, start };
    const lists: BusyName[][] = [];
    for (let after: Omit<BusiestKey, 'partition'> = low; ;) {
      const find = {
        find: this.collection,
        filter: { _id: { $gt: after, $lt: { ...low, start: start + 1 } } },
        projection: { list: 1 },
        sort: { _id: 1 },
        hint: '_id_',
        limit: PARTITIONS_AT_ONCE,
        batchSize: PARTITIONS_AT_ONCE,
        singleBatch: true,
      };
      const found = batchOf(await this.reads.run(find, shared));
      for (const { list } of found) lists.push(readableList(list));
      if (found.length < PARTITIONS_AT_ONCE) return lists;
      after = found.at(-1)!._id;
    }
  }
}

const batchOf = (reply: mongo.Document): BusiestDocument[] =>
  (reply as { cursor: { firstBatch: BusiestDocument[] } }).cursor.firstBatch;
