import type { mongo } from 'mongoose';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { LAST_HOUR, activityOf, hourOf, keysBetween, startOfHour, type Activity } from './activity.key.ts';

/** Entries of one read; MongoDB merges the index scans of so many conversations (internalQueryMaxScansToExplode). */
export const ACTIVITY_PAGE = 200;
/** Entries of one read when only their conversations count. */
const COUNT_PAGE = 10_000;

/** Consecutive hours, and every conversation in which a user has messages of these hours. */
export interface ActivityWindow {
  /** Milliseconds, included. */
  from: number;
  /** Milliseconds, not included. */
  until: number;
  conversationIds: string[];
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
   */
  async *windows(
    user: string,
    { direction, start }: { direction: Direction; start: number | undefined },
    limits: ReadLimits,
  ): AsyncGenerator<ActivityWindow> {
    let hour = start === undefined ? (direction === 1 ? 0 : LAST_HOUR) : hourOf(start);
    for (;;) {
      const entries = await this.entries(user, { hour, direction }, limits);
      const [first] = entries;
      if (!first) return;
      const isLast = entries.length < ACTIVITY_PAGE;
      const end = entries.at(-1)!.hour;
      // The rest of the last hour may be missing. An hour that fills the whole read is read to its end.
      const whole = isLast ? entries : entries.filter((entry) => entry.hour !== end);
      const window = whole.length > 0 ? whole : await this.wholeHour(user, first.hour, limits);
      yield windowOf(window);
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
    { hour, direction }: { hour: number; direction: Direction },
    limits: ReadLimits,
  ): Promise<Activity[]> {
    const { low, high } = direction === 1 ? keysBetween(user, hour, LAST_HOUR) : keysBetween(user, 0, hour);
    const keys = await this.keys({ _id: { $gte: low, $lt: high } }, { direction, limit: ACTIVITY_PAGE }, limits);
    return keys.map(activityOf);
  }

  private async wholeHour(user: string, hour: number, limits: ReadLimits): Promise<Activity[]> {
    const { low, high } = keysBetween(user, hour, hour);
    const keys: string[] = [];
    for (let after = low; ;) {
      const page = await this.keys({ _id: { $gt: after, $lt: high } }, { direction: 1, limit: COUNT_PAGE }, limits);
      keys.push(...page);
      if (page.length < COUNT_PAGE) return keys.map(activityOf);
      after = page.at(-1)!;
    }
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

const windowOf = (entries: readonly Activity[]): ActivityWindow => {
  const hours = entries.map(({ hour }) => hour);
  const [low, high] = [hours[0]!, hours.at(-1)!].sort((a, b) => a - b) as [number, number];
  return {
    from: startOfHour(low),
    until: startOfHour(high + 1),
    conversationIds: [...new Set(entries.map(({ conversationId }) => conversationId))],
  };
};
