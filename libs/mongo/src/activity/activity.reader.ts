import type { mongo } from 'mongoose';
import { batchOf } from '../connection/reply.batch.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { LAST_HOUR, activityOf, hourOf, keyOf, keysBetween, startOfHour, type Activity } from './activity.key.ts';
import { BusyHour, HOUR_PAGE } from './busy.hour.ts';

/** Entries of one read; MongoDB merges the index scans of so many conversations (internalQueryMaxScansToExplode). */
export const ACTIVITY_PAGE = 200;
/** Entries of one read when only their conversations count. */
const COUNT_PAGE = 10_000;
/** A page that is not full after so many windows is costly. A page of the largest size fills up in three, at a message an hour. */
const USUAL_WINDOWS = 4;

/** Consecutive hours, and every conversation in which a user has messages of these hours. */
export interface ActivityWindow {
  /** Milliseconds, included. */
  from: number;
  /** Milliseconds, not included. */
  until: number;
  /** Of an hour that has more of them than one read holds, they are read later. */
  conversations: string[] | BusyHour;
  /** Reading its messages costs more than an ordinary page. */
  isCostly: boolean;
}

/** Finds the conversations of a user. */
export class ActivityReader {
  private readonly reads: StoreReads;
  private readonly collection: string;

  constructor(reads: StoreReads, collection: string) {
    this.reads = reads;
    this.collection = collection;
  }

  /**
   * Windows of a user's hours, one after the other in a direction of time. Together they hold every message of the user
   * from the start on.
   * @param start a timestamp in milliseconds; undefined: the end that the direction starts at
   * @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError
   */
  async *windows(
    user: string,
    { direction, start }: { direction: Direction; start: number | undefined },
    limits: ReadLimits,
  ): AsyncGenerator<ActivityWindow> {
    let hour = start === undefined ? (direction === 1 ? 0 : LAST_HOUR) : hourOf(start);
    for (let windows = 0; ; windows += 1) {
      const isLate = windows >= USUAL_WINDOWS;
      const entries = await this.entries(user, { hour, direction, isCostly: isLate }, limits);
      const [first] = entries;
      if (!first) return;
      const isLast = entries.length < ACTIVITY_PAGE;
      const end = entries.at(-1)!.hour;
      // The rest of the last hour may be missing. An hour that fills the whole read is read to its end.
      const whole = isLast ? entries : entries.filter((entry) => entry.hour !== end);
      if (whole.length > 0) yield { ...windowOf(whole), isCostly: isLate };
      else yield this.busyHour(user, first.hour, limits);
      if (isLast) return;
      hour = (whole.at(-1) ?? first).hour + direction;
    }
  }

  /** Every conversation of a user, in portions. Its cost grows with the hours in which the user was active. */
  async *conversations(user: string, limits: ReadLimits): AsyncGenerator<string[]> {
    const known = new Set<string>();
    let { low } = keysBetween(user, 0, LAST_HOUR);
    const { high } = keysBetween(user, 0, LAST_HOUR);
    for (;;) {
      const range = { direction: 1, limit: COUNT_PAGE, isCostly: true } as const;
      const keys = await this.keys({ _id: { $gt: low, $lt: high } }, range, limits);
      const fresh = [...new Set(keys.map((key) => activityOf(key).conversationId))].filter((id) => !known.has(id));
      for (const id of fresh) known.add(id);
      if (fresh.length > 0) yield fresh;
      if (keys.length < COUNT_PAGE) return;
      low = keys.at(-1)!;
    }
  }

  private async entries(
    user: string,
    { hour, direction, isCostly }: { hour: number; direction: Direction; isCostly: boolean },
    limits: ReadLimits,
  ): Promise<Activity[]> {
    const { low, high } = direction === 1 ? keysBetween(user, hour, LAST_HOUR) : keysBetween(user, 0, hour);
    const keys = await this.keys(
      { _id: { $gte: low, $lt: high } },
      { direction, limit: ACTIVITY_PAGE, isCostly },
      limits,
    );
    return keys.map(activityOf);
  }

  private busyHour(user: string, hour: number, limits: ReadLimits): ActivityWindow {
    const { low, high } = keysBetween(user, hour, hour);
    const conversations = new BusyHour({
      hasMore: async (than) => {
        const range = { direction: 1, skip: than, limit: 1, isCostly: true } as const;
        return (await this.keys({ _id: { $gt: low, $lt: high } }, range, limits)).length > 0;
      },
      read: async (after) => {
        const from = after === undefined ? low : keyOf({ user, hour, conversationId: after });
        const range = { direction: 1, limit: HOUR_PAGE, isCostly: true } as const;
        const keys = await this.keys({ _id: { $gt: from, $lt: high } }, range, limits);
        return keys.map((key) => activityOf(key).conversationId);
      },
    });
    return { from: startOfHour(hour), until: startOfHour(hour + 1), conversations, isCostly: true };
  }

  private async keys(
    filter: mongo.Document,
    { direction, skip = 0, limit, isCostly = false }: KeyRange,
    limits: ReadLimits,
  ): Promise<string[]> {
    const find = {
      find: this.collection,
      filter,
      sort: { _id: direction },
      skip,
      limit,
      batchSize: limit,
      singleBatch: true,
    };
    const answer = isCostly ? this.reads.runCostly(find, limits) : this.reads.run(find, limits);
    return batchOf<{ _id: string }>(await answer).map(({ _id }) => _id);
  }
}

interface KeyRange {
  direction: Direction;
  skip?: number;
  limit: number;
  isCostly?: boolean;
}

const windowOf = (entries: readonly Activity[]): Omit<ActivityWindow, 'isCostly'> => {
  const hours = entries.map(({ hour }) => hour);
  const [low, high] = [hours[0]!, hours.at(-1)!].sort((a, b) => a - b) as [number, number];
  return {
    from: startOfHour(low),
    until: startOfHour(high + 1),
    conversations: [...new Set(entries.map(({ conversationId }) => conversationId))],
  };
};
