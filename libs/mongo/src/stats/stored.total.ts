import { batchOf } from '../connection/reply.batch.ts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import { BY_PLACE } from '../messages/message.schema.ts';
import { StoredTotals, type StoredPlaces } from './stored.totals.ts';

/** Documents of one answer that no total holds. With more, the figures are too far behind to be of use. */
const REST_MAX = 20_000;
/** Ranges of one query. */
const RANGES_AT_ONCE = 64;
/** The size that MongoDB keeps of a collection is right but for crashes of mongod. It may differ by so many documents, or by this share. */
const DIFFERENCE = { documents: 1000, share: 0.01 } as const;

/**
 * How many messages ingest has stored: the totals of the partitions, and a count of the places that no total holds. It costs
 * the same however much is stored.
 */
export class StoredTotal {
  private readonly reads: StoreReads;
  private readonly messages: string;
  private readonly totals: StoredTotals;

  constructor(reads: StoreReads, { messages, windows }: { messages: string; windows: string }) {
    this.reads = reads;
    this.messages = messages;
    this.totals = new StoredTotals(reads, () => windows);
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
    const totals = await this.totals.read(topic, shared);
    if (totals === undefined) return undefined;
    // After the totals: what a total has not counted yet is counted here, or by nobody.
    const [rest, size] = await Promise.all([this.rest(rangesBetween(totals), shared), this.size(shared)]);
    if (rest > REST_MAX) return undefined;
    const count = totals.reduce((sum, { records, earlier }) => sum + records + earlier, rest);
    const most = Math.max(DIFFERENCE.documents, count * DIFFERENCE.share);
    return Math.abs(count - size) <= most ? count : undefined;
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
      const command = { aggregate: this.messages, pipeline, hint: BY_PLACE, cursor: {} };
      count += batchOf<{ count: number }>(await this.reads.runNewest(command, limits))[0]?.count ?? 0;
    }
    return count;
  }

  /** Without a query MongoDB reads no document for a count. */
  private async size(limits: ReadLimits): Promise<number> {
    const reply = await this.reads.runNewest({ count: this.messages }, limits);
    return Number(reply['n']);
  }
}

/** A key without an offset sorts before all places of its partition. */
interface PlaceBounds {
  low: { partition: number; offset?: number };
  high: { partition: number; offset?: number };
}

/** All places that no total holds, also those of partitions that nobody has counted. */
const rangesBetween = (totals: readonly StoredPlaces[]): PlaceBounds[] => {
  let low: PlaceBounds['low'] = { partition: 0 };
  const ranges = totals.map(({ key: { partition }, begin, upTo }) => {
    const range = { low, high: { partition, offset: begin } };
    low = { partition, offset: upTo + 1 };
    return range;
  });
  return [...ranges, { low, high: { partition: Infinity } }];
};
