import { COUNT, isTime } from '@wiber/contracts';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { WindowKey } from './window.schema.ts';

/** Totals that are read at most: one for each partition of a topic. */
const PARTITIONS_MAX = 10_000;

/**
 * What is known of the documents of one partition: there are `records` whose offsets are from `first` to `upTo`, both included,
 * and `earlier` from `begin` on and before `first`.
 */
export interface StoredPlaces {
  key: WindowKey;
  first: number;
  upTo: number;
  records: number;
  begin: number;
  earlier: number;
  /** These fields as they are stored; null where one is missing. */
  raw: Record<'first' | 'earlierFrom' | 'earlier', unknown>;
}

/** Reads the totals of stored documents. */
export class StoredTotals {
  private readonly reads: StoreReads;
  private readonly windows: () => string;

  /** @param windows the name of the collection of windows */
  constructor(reads: StoreReads, windows: () => string) {
    this.reads = reads;
    this.windows = windows;
  }

  /**
   * In the order of partitions.
   * @returns undefined when there is none, or one that this version can't read
   * @throws StoreUnavailableError, StoreBehindError
   */
  async read(topic: string, limits: ReadLimits): Promise<StoredPlaces[] | undefined> {
    // The order of these fields is part of the key.
    const key = { topic, stream: 'stored', span: 'total', start: 0 };
    const find = {
      find: this.windows(),
      filter: { _id: { $gt: key, $lt: { ...key, start: 1 } } },
      projection: { first: 1, upTo: 1, [`counts.${COUNT.records}`]: 1, earlierFrom: 1, earlier: 1 },
      sort: { _id: 1 },
      hint: '_id_',
      limit: PARTITIONS_MAX,
      batchSize: PARTITIONS_MAX,
      singleBatch: true,
    };
    const found = batchOf<FoundTotal>(await this.reads.runNewest(find, limits)).map(placesOf);
    const places = found.filter((one) => one !== undefined);
    return places.length > 0 && places.length === found.length && found.length < PARTITIONS_MAX ? places : undefined;
  }
}

interface FoundTotal {
  _id: WindowKey;
  first?: unknown;
  upTo?: unknown;
  counts?: Record<string, unknown>;
  earlierFrom?: unknown;
  earlier?: unknown;
}

/** What was counted of earlier documents is left out where it is no number: it is counted again. */
const placesOf = ({ _id: key, first, upTo, counts, earlierFrom, earlier }: FoundTotal): StoredPlaces | undefined => {
  const records = counts?.[COUNT.records];
  if (!isTime(key.partition) || !isTime(first) || !isTime(upTo) || !isTime(records)) return undefined;
  const raw = { first, earlierFrom: earlierFrom ?? null, earlier: earlier ?? null };
  const places = { key, first, upTo, records, raw };
  return isTime(earlierFrom) && isTime(earlier) && earlierFrom <= first
    ? { ...places, begin: earlierFrom, earlier }
    : { ...places, begin: first, earlier: 0 };
};
