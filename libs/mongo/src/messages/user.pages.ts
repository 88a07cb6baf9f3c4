import type { ActivityReader } from '../activity/activity.reader.ts';
import { BusyHour, BusyHourFound } from '../activity/busy.hour.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { busyHourPage } from './busy.hour.page.ts';
import type { MessageCursor } from './message.order.ts';
import { documentFrom } from './message.page.ts';
import { CONVERSATION_BY_TIME } from './message.schema.ts';
import { filterOf, findOf, stretchesOf, type FindRaw, type Part, type Stretch } from './time.stretch.ts';

export interface UserRead {
  direction: Direction;
  cursor: MessageCursor | undefined;
  skip: number;
  limit: number;
  /** Whether the page has a turn in which it may read hours that take many reads. */
  mayReadBusyHours: boolean;
}

export interface UserPagesPorts {
  activity: ActivityReader;
  collection: string;
  find: FindRaw;
  /** The same for what grows with the messages that are passed over, or with the conversations of an hour. */
  findCostly: FindRaw;
}

/**
 * A user's messages in the order of time, merged from those of their conversations. Windows of hours are read one after
 * the other until the page is full, so the cost follows the page and not the number of messages or conversations.
 */
export class UserPages {
  private readonly ports: UserPagesPorts;

  constructor(ports: UserPagesPorts) {
    this.ports = ports;
  }

  /** @throws BusyHourFound when the page needs a turn of its own; StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  async read(user: string, read: UserRead, limits: ReadLimits): Promise<Uint8Array[]> {
    const { direction, cursor, skip, limit } = read;
    const found: Uint8Array[] = [];
    let toSkip = skip;
    for await (const window of this.ports.activity.windows(user, { direction, start: cursor?.[0] }, limits)) {
      if (window.conversations instanceof BusyHour && !read.mayReadBusyHours) throw new BusyHourFound();
      for (const stretch of stretchesOf(window, cursor, direction)) {
        const next = await this.readPart(stretch, { skip: toSkip, limit: limit - found.length }, limits);
        found.push(...next);
        if (found.length === limit) return found;
        // A stretch that gave nothing may have been passed over as a whole.
        if (toSkip > 0) toSkip = next.length > 0 ? 0 : toSkip - (await this.count(stretch, toSkip, limits));
      }
    }
    return found;
  }

  private async readPart(stretch: Stretch, part: Part, limits: ReadLimits): Promise<Uint8Array[]> {
    const { find, findCostly, collection } = this.ports;
    const { conversations } = stretch;
    if (!(conversations instanceof BusyHour))
      return (stretch.isCostly ? findCostly : find)(findOf(collection, { stretch, conversations }, part), limits);
    const ports = { collection, find: findCostly, limits };
    if (part.skip === 0) return busyHourPage(ports, { ...stretch, conversations }, part.limit);
    // Of many conversations with messages to pass over MongoDB sorts all. It may use its disk.
    const all = await conversations.all();
    const command = findOf(collection, { stretch, conversations: all }, part);
    return findCostly({ ...command, allowDiskUse: true }, limits);
  }

  /** How many messages a stretch has, at most `enough`. */
  private async count(stretch: Stretch, enough: number, limits: ReadLimits): Promise<number> {
    const { conversations } = stretch;
    const all = conversations instanceof BusyHour ? await conversations.all() : conversations;
    const pipeline = [{ $match: filterOf(stretch, all) }, { $limit: enough }, { $count: 'count' }];
    const command = { aggregate: this.ports.collection, pipeline, hint: CONVERSATION_BY_TIME, cursor: {} };
    const [counted] = await this.ports.findCostly(command, limits);
    return counted ? (documentFrom(counted) as unknown as { count: number }).count : 0;
  }
}
