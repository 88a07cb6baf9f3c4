import type { mongo } from 'mongoose';
import { COUNT, isTime } from '@wiber/contracts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import { BY_PLACE } from '../messages/message.schema.ts';
import type { WindowKey } from './window.schema.ts';

/** Documents of one answer that no total holds. With more, the figures are too far behind to be of use. */
const REST_MAX = 20_000;
/** Totals that are read at most: one for each partition of a topic. */
const PARTITIONS_MAX = 10_000;
/** Ranges of one query. */
const RANGES_AT_ONCE = 64;
/** The size that MongoDB keeps of a collection is right but for crashes of mongod. It may differ by so many documents, or by this share. */
const DIFFERENCE = { documents: 1000, share: 0.01 } as const;

/** The documents of one partition whose offsets are from `first` to `upTo`, both included, are counted: there are `records`. */
interface Total {
  partition: number;
  first: number;
  upTo: number;
  records: number;
}

/**
 * How many messages ingest has stored: the totals of the partitions, and a count of the places that no total holds. It costs
 * the same however much is stored.
 */
export class StoredTotal {
  private readonly reads: StoreReads;
  private readonly names: { messages: string; windows: string };

  constructor(reads: StoreReads, names: { messages: string; windows: string }) {
    this.reads = reads;
    this.names = names;
  }

  /**
   * Each total holds exactly the documents of its range, whoever writes meanwhile, and no document of a range comes later. So
   * the answer is at least what was stored when the call came, and at most what is stored when it ends.
   * @returns undefined when the totals can't tell: there are none, they are far behind, or the size of the collection
   * says that somebody else has stored or deleted many documents
   * @throws StoreUnavailableError, StoreBehindError
   */
  async read(topic: string, limits: ReadLimits): Promise<number | undefined> {
    const shared = sharedLimits(limits);
    const totals = await this.totals(topic, shared);
    if (totals === undefined) return undefined;
    // After the totals: what a total has not counted yet is counted here, or by nobody.
    const [rest, size] = await Promise.all([this.rest(rangesBetween(totals), shared), this.size(shared)]);
    if (rest > REST_MAX) return undefined;
    const count = totals.reduce((sum, { records }) => sum + records, rest);
    const most = Math.max(DIFFERENCE.documents, count * DIFFERENCE.share);
    return Math.abs(count - size) <= most ? count : undefined;
  }

  /** In the order of partitions; undefined when there is none, or one that this version can't read. */
  private async totals(topic: string, limits: ReadLimits): Promise<Total[] | undefined> {
    // The order of these fields is part of the key.
    const key = { topic, stream: 'stored', span: 'total', start: 0 };
    const find = {
      find: this.names.windows,
      filter: { _id: { $gt: key, $lt: { ...key, start: 1 } } },
      projection: { first: 1, upTo: 1, [`counts.${COUNT.records}`]: 1 },
      sort: { _id: 1 },
      hint: '_id_',
      limit: PARTITIONS_MAX,
      batchSize: PARTITIONS_MAX,
      singleBatch: true,
    };
    const found = batchOf<FoundTotal>(await this.reads.run(find, limits));
    const totals = found.map(({ _id, first, upTo, counts }) => {
      return { partition: _id.partition, first, upTo, records: counts?.[COUNT.records] };
    });
    return totals.length > 0 && totals.length < PARTITIONS_MAX && totals.every(isTotal) ? totals : undefined;
  }

  /** Documents in the ranges; of many, more than REST_MAX. The index answers alone. */
  private async rest(ranges: readonly PlaceBounds[], limits: ReadLimits): Promise<number> {
    let count = 0;
    for (let from = 0; from < ranges.length && count <= REST_MAX; from += RANGES_AT_ONCE) {
      const some = ranges.slice(from, from + RANGES_AT_ONCE);
      const pipeline = [
        { $match: { $or: some.map(({ low, high }) => ({ _id: { $gte: low, $lt: high } })) } },
        { $limit: REST_MAX + 1 },
        { $count: 'count' },
      ];
      const command = { aggregate: this.names.messages, pipeline, hint: BY_PLACE, cursor: {} };
      count += batchOf<{ count: number }>(await this.reads.run(command, limits))[0]?.count ?? 0;
    }
    return count;
  }

  /** Without a query MongoDB reads no document for a count. */
  private async size(limits: ReadLimits): Promise<number> {
    const reply = await this.reads.run({ count: this.names.messages }, limits);
    return Number(reply['n']);
  }
}

/** A key without an offset sorts before all places of its partition. */
interface PlaceBounds {
  low: { partition: number; offset?: number };
  high: { partition: number; offset?: number };
}

/** All places that no total holds, also those of partitions that nobody has counted. */
const rangesBetween = (totals: readonly Total[]): PlaceBounds[] => {
  let low: PlaceBounds['low'] = { partition: 0 };
  const ranges = totals.map(({ partition, first, upTo }) => {
    const range = { low, high: { partition, offset: first } };
    low = { partition, offset: upTo + 1 };
    return range;
  });
  return [...ranges, { low, high: { partition: Infinity } }];
};

interface FoundTotal {
  _id: WindowKey;
  first?: unknown;
  upTo?: unknown;
  counts?: Record<string, unknown>;
}

const isTotal = (total: Record<keyof Total, unknown>): total is Total =>
  isTime(total.partition) && isTime(total.first) && isTime(total.upTo) && isTime(total.records);

const batchOf = <T>(reply: mongo.Document): T[] => (reply as { cursor: { firstBatch: T[] } }).cursor.firstBatch;
