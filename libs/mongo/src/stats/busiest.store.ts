import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { BusyName } from '@wiber/contracts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { ifLead, runFenced } from '../fence/lease.fence.ts';
import type { BusiestDocument, BusiestKey } from './busiest.schema.ts';
import { isLostRace } from './lost.race.ts';
import { readableList } from './readable.list.ts';

/** What a window of a partition has up to an offset; of a window that nobody has written, an empty list up to -1. */
export interface BusiestState {
  upTo: number;
  list: readonly BusyName[];
}

/** The next state of a window. It is written only where the window still is in the state before. */
export interface BusiestChange {
  window: BusiestKey;
  /** The `upTo` of the state that `next` was made from. */
  from: number;
  next: BusiestState;
  expireAt: Date;
}

export interface BusiestStorePorts {
  writes: StoreWrites;
  /** With a write concern of majority. */
  lists: () => mongo.Collection<BusiestDocument>;
}

/** The lists of the busiest conversations, for those who write them. Any number of processes may write at once. */
export class BusiestStore {
  private readonly ports: BusiestStorePorts;

  constructor(ports: BusiestStorePorts) {
    this.ports = ports;
  }

  /** The states of windows, in their order; no failover takes them back. @throws StoreUnavailableError */
  async read(windows: readonly BusiestKey[]): Promise<BusiestState[]> {
    const { writes, lists } = this.ports;
    const options = { readPreference: 'primary', readConcern: { level: 'majority' } } as const;
    const filter = { _id: { $in: [...windows] } };
    const found = await writes.run(() => lists().find(filter, options).toArray());
    const states = new Map(
      found.map(({ _id, upTo, list }) => [busiestKeyText(_id), { upTo, list: readableList(list) }]),
    );
    return windows.map((window) => states.get(busiestKeyText(window)) ?? { upTo: -1, list: [] });
  }

  /**
   * @returns true when all are written, by a majority. Else another process has written some of these windows: read them anew.
   * @throws StoreUnavailableError, FencedError: some may be written
   */
  async write(changes: readonly BusiestChange[], fence: LeaseFence): Promise<boolean> {
    const { writes, lists } = this.ports;
    const operations = changes.map((change) => operationOf(change, fence));
    return runFenced(writes, fence, async (options) => {
      try {
        const { modifiedCount, upsertedCount } = await lists().bulkWrite(operations, { ...options, ordered: false });
        return modifiedCount + upsertedCount === changes.length;
      } catch (error) {
        if (isLostRace(error)) return false;
        throw error;
      }
    });
  }
}

const operationOf = (
  { window, from, next: { upTo, list }, expireAt }: BusiestChange,
  fence: LeaseFence,
): mongo.AnyBulkWriteOperation<BusiestDocument> => {
  // A literal: the name of a user may begin with `$`.
  const next = { _id: '$_id', ...literals({ upTo, list: [...list], expireAt, term: fence.term }) };
  const isMissing = { $eq: [{ $type: '$upTo' }, 'missing'] };
  const state = from < 0 ? { $cond: [isMissing, next, '$$ROOT'] } : next;
  const filter: mongo.Filter<BusiestDocument> = { _id: window, ...(from < 0 ? {} : { upTo: from }) };
  return { updateOne: { filter, update: [{ $replaceWith: ifLead(fence, state) }], upsert: from < 0 } };
};

const literals = (fields: Readonly<Record<string, unknown>>): mongo.Document =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]));

export const busiestKeyText = ({ topic, span, start, partition }: BusiestKey): string =>
  [topic, span, start, partition].join(' ');
