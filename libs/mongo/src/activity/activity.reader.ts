import type { mongo } from 'mongoose';
import { readsOverloaded } from '../connection/mongo.errors.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { LAST_HOUR, activityOf, hourOf, keysBetween, startOfHour, type Activity } from './activity.key.ts';

/** Entries of one read; MongoDB merges the index scans of so many conversations (internalQueryMaxScansToExplode). */
export const ACTIVITY_PAGE = 200;
/** Entries of one read when only their conversations count. */
const COUNT_PAGE = 10_000;
/**
 * Conversations of one hour that are merged for a page. Far more than one page reads in READ_DEADLINE_MS by default, and
 * about 15 MB of keys.
 */
export const HOUR_MAX = 100_000;
/** A page that is not full after so many windows is costly. A page of the largest size fills up in three, at a message an hour. */
const USUAL_WINDOWS = 4;

/** Consecutive hours, and every conversation in which a user has messages of these hours. */
export interface ActivityWindow {
  /** Milliseconds, included. */
  from: number;
  /** Milliseconds, not included. */
  until: number;
  conversationIds: string[];
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
   * @throws ReadsOverloadedError when an hour has more conversations than a page can merge
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
      const isBusyHour = whole.length === 0;
      const window = isBusyHour ? await this.wholeHour(user, first.hour, limits) : whole;
      yield { ...windowOf(window), isCostly: isLate || isBusyHour };
      if (isLast) return;
      hour = window.at(-1)!.hour + direction;
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

  private async wholeHour(user: string, hour: number, limits: ReadLimits): Promise<Activity[]> {
    const { low, high } = keysBetween(user, hour, hour);
    const range = { direction: 1, limit: COUNT_PAGE, isCostly: true } as const;
    const entries: Activity[] = [];
    for (let after = low; entries.length < HOUR_MAX;) {
      const keys = await this.keys({ _id: { $gt: after, $lt: high } }, range, limits);
      for (const key of keys) entries.push(activityOf(key));
      if (keys.length < COUNT_PAGE) return entries;
      after = keys.at(-1)!;
    }
    throw readsOverloaded(`this user has too many conversations in one hour for a page; read their conversations`);
  }

  private async keys(
    filter: mongo.Document,
    { direction, limit, isCostly = false }: { direction: Direction; limit: number; isCostly?: boolean },
    limits: ReadLimits,
  ): Promise<string[]> {
    const find = {
      find: this.collection,
      filter,
      sort: { _id: direction },
      limit,
      batchSize: limit,
      singleBatch: true,
    };
    const answer = isCostly ? this.reads.runCostly(find, limits) : this.reads.run(find, limits);
    const reply = (await answer) as { cursor: { firstBatch: { _id: string }[] } };
    return reply.cursor.firstBatch.map(({ _id }) => _id);
  }
}

const windowOf = (entries: readonly Activity[]): Omit<ActivityWindow, 'isCostly'> => {
  const hours = entries.map(({ hour }) => hour);
  const [low, high] = [hours[0]!, hours.at(-1)!].sort((a, b) => a - b) as [number, number];
  return {
    from: startOfHour(low),
    until: startOfHour(high + 1),
    conversationIds: [...new Set(entries.map(({ conversationId }) => conversationId))],
  };
};
