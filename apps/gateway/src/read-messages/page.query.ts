import { isMessageId } from '@wiber/contracts';
import type { MessageCursor, MessageSort, PageQuery as StorePageQuery, ReadLimits } from '@wiber/mongo';
import { COUNT_PATTERN, decodeCursor, encodeCursor, isCount } from '../http/opaque.cursor.ts';
import { readQuery, type RawQuery } from '../http/query.fields.ts';

/** A page as a client asks for it. */
export type PageQuery = Omit<StorePageQuery, keyof ReadLimits>;

export const SKIP_MAX = 1_000_000_000;
const KNOWN = ['limit', 'skip', 'sort', 'order', 'after', 'before'];
/** The parameters that the links to other pages take over. */
export const KEPT_IN_LINKS = ['limit', 'sort', 'order'];

const ID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** The form of the cursors of each sort, for the OpenAPI document. No text has two of them. */
export const CURSOR_PATTERNS = {
  timestamp: `^${COUNT_PATTERN}_${ID_PATTERN}$`,
  lamport: `^${ID_PATTERN}_${COUNT_PATTERN}$`,
  // -1 is before the first offset; the third part counts messages that share a place.
  log: `^${COUNT_PATTERN}_(?:-1|${COUNT_PATTERN}(?:_[1-9][0-9]{0,14})?)$`,
} as const satisfies Record<MessageSort, string>;

/** @throws ProblemError invalid_request with a line for each bad parameter */
export const readPageQuery = (raw: RawQuery, defaults: { order: 'asc' | 'desc' }): PageQuery =>
  readQuery(raw, KNOWN, (query) => {
    const limit = query.whole('limit', { from: 1, to: 500, otherwise: 50 });
    const skip = query.whole('skip', { from: 0, to: SKIP_MAX, otherwise: 0 });
    const sort = query.choice('sort', ['timestamp', 'lamport', 'log'] as const, 'timestamp');
    const order = query.choice('order', ['asc', 'desc'] as const, defaults.order);
    const cursor = (field: 'after' | 'before'): MessageCursor | undefined => {
      const text = query.text(field);
      if (text === undefined) return undefined;
      const decoded = readCursor(text, sort);
      if (!decoded) query.refuse(field, `must be a cursor from a Link header of sort=${sort}`);
      return decoded;
    };
    const page = { limit, skip, sort, order, after: cursor('after'), before: cursor('before') };
    if (page.after && page.before) query.refuse('before', 'and after exclude each other');
    return page;
  });

/** Before all messages that can be: no record has offset -1, and no message the nil UUID. */
export const START = {
  timestamp: [0, '00000000-0000-0000-0000-000000000000'],
  lamport: [0, '00000000-0000-0000-0000-000000000000'],
  log: [0, -1],
} as const satisfies Record<MessageSort, MessageCursor>;

/** By Lamport time the id comes first: the same two parts as by time would be taken for a cursor of that sort. */
export const writeCursor = (cursor: MessageCursor, sort: MessageSort): string =>
  encodeCursor(sort === 'lamport' ? cursor.toReversed() : cursor);

const readCursor = (text: string, sort: MessageSort): MessageCursor | undefined => {
  if (sort === 'log') return readPlace(text);
  const parts: readonly unknown[] = decodeCursor(text, 2) ?? [];
  const [time, messageId] = sort === 'lamport' ? parts.toReversed() : parts;
  if (!isCount(time)) return undefined;
  return typeof messageId === 'string' && isMessageId(messageId) ? [time, messageId] : undefined;
};

/** A place in the log: partition and offset, and behind them the count where several messages share the place. */
const readPlace = (text: string): MessageCursor | undefined => {
  const [partition, offset, again]: readonly unknown[] = decodeCursor(text, 3) ?? decodeCursor(text, 2) ?? [];
  if (!isCount(partition)) return undefined;
  // -1: before the first offset of a partition.
  if (again === undefined) return isCount(offset) || offset === -1 ? [partition, offset] : undefined;
  if (!isCount(offset)) return undefined;
  return isCount(again) && again > 0 ? [partition, offset, again] : undefined;
};
