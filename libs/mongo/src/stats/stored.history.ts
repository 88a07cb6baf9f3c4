import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import { batchOf } from '../connection/reply.batch.ts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { byClockOf, runFenced } from '../fence/lease.fence.ts';
import { BY_PLACE } from '../messages/message.schema.ts';
import { StoredTotals, type StoredPlaces } from './stored.totals.ts';
import type { WindowDocument } from './window.schema.ts';

/** Places of one piece: some 30 ms of MongoDB's work. */
const PIECE = 50_000;

export interface StoredHistoryPorts {
  reads: StoreReads;
  writes: StoreWrites;
  /** With a write concern of majority. */
  windows: () => mongo.Collection<WindowDocument>;
  /** The name of the collection of messages. */
  messages: string;
}

/**
 * Counts the documents that were stored before the first worker came, from the first place of each total backwards. Each piece
 * is counted once and its sum is kept in the total, so that no count of all messages has to do it again.
 */
export class StoredHistory {
  private readonly ports: StoredHistoryPorts;
  private readonly totals: StoredTotals;
  private readonly piece: number;

  constructor(ports: StoredHistoryPorts, { piece = PIECE }: { piece?: number } = {}) {
    this.ports = ports;
    this.piece = piece;
    const { reads, windows } = ports;
    this.totals = new StoredTotals(reads, () => windows().collectionName);
  }

  /**
   * Counts the next piece of one partition. All its places are before one that a worker has counted, so ingest has handled
   * them, and no document of them comes later. The sum is added only while the total is the one that was read: of any
   * number of processes one adds it.
   * @param fence is asked when the piece is counted: a count may take longer than a renewal lasts
   * @returns whether there may be more
   * @throws StoreUnavailableError, StoreBehindError: count it again
   */
  async countNext(topic: string, fence: () => LeaseFence, limits: ReadLimits): Promise<boolean> {
    const shared = sharedLimits(limits);
    const places = (await this.totals.read(topic, shared))?.find(({ begin }) => begin > 0);
    if (!places) return false;
    const { partition } = places.key;
    const to = places.begin;
    const last = await this.lastBefore(partition, to, shared);
    const from = last === undefined ? 0 : Math.max(0, last + 1 - this.piece);
    const records = last === undefined ? 0 : await this.count(partition, { from, to }, shared);
    await this.keep(places, fence(), { earlierFrom: from, earlier: places.earlier + records });
    return true;
  }

  /** The largest offset of the partition that has a document and is less than `to`. Stretches without any cost nothing. */
  private async lastBefore(partition: number, to: number, limits: ReadLimits): Promise<number | undefined> {
    const find = {
      find: this.ports.messages,
      filter: { _id: { $gte: { partition, offset: 0 }, $lt: { partition, offset: to } } },
      projection: { _id: 1 },
      sort: { _id: -1 },
      hint: BY_PLACE,
      limit: 1,
      singleBatch: true,
    };
    const [found] = batchOf<{ _id: { offset: unknown } }>(await this.ports.reads.runNewest(find, limits));
    if (!found) return undefined;
    const { offset } = found._id;
    // A foreign document may have any number there.
    return Number.isFinite(offset) ? Math.floor(offset as number) : to - 1;
  }

  /** The index answers alone. */
  private async count(
    partition: number,
    { from, to }: { from: number; to: number },
    limits: ReadLimits,
  ): Promise<number> {
    const pipeline = [
      { $match: { _id: { $gte: { partition, offset: from }, $lt: { partition, offset: to } } } },
      { $count: 'count' },
    ];
    const command = { aggregate: this.ports.messages, pipeline, hint: BY_PLACE, cursor: {} };
    return batchOf<{ count: number }>(await this.ports.reads.runNewest(command, limits))[0]?.count ?? 0;
  }

  /** A leader whose lease is over by MongoDB's clock, or that a higher term has overtaken, changes nothing. */
  private async keep(
    { key, raw }: StoredPlaces,
    fence: LeaseFence,
    next: Required<Pick<WindowDocument, 'earlierFrom' | 'earlier'>>,
  ): Promise<void> {
    // A field that is missing is equal to null.
    const { term } = fence;
    const isSame = { _id: key, ...raw, term: { $not: { $gt: term } }, ...byClockOf(fence) };
    const filter = isSame as mongo.Filter<WindowDocument>;
    await runFenced(this.ports.writes, fence, (options) =>
      this.ports.windows().updateOne(filter, { $set: { ...next, term, lastTerm: term } }, options),
    );
  }
}
