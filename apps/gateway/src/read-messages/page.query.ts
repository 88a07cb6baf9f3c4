import { isMessageId, usernameProblem } from '@wiber/contracts';
import { invalid } from '../http/body.reader.ts';
import { QueryReader, type RawQuery } from '../http/query.fields.ts';

export type Sort = 'timestamp' | 'log';
/** A place between two messages of a sort: [timestamp, messageId] or [partition, offset]. */
export type Cursor = [number, string] | [number, number];

export interface PageQuery {
  limit: number;
  skip: number;
  sort: Sort;
  order: 'asc' | 'desc';
  after: Cursor | undefined;
  before: Cursor | undefined;
}

const KNOWN = ['limit', 'skip', 'sort', 'order', 'after', 'before'];
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const decodeCursor = (text: string, sort: Sort): Cursor | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== 2 || !isWhole(parsed[0])) return undefined;
    const second: unknown = parsed[1];
    if (sort === 'log') return isWhole(second) ? [parsed[0], second] : undefined;
    return typeof second === 'string' && isMessageId(second) ? [parsed[0], second] : undefined;
  } catch {
    return undefined;
  }
};

/** @throws ProblemError invalid_request naming each bad parameter */
export const readPageQuery = (query: RawQuery, defaults: { order: 'asc' | 'desc' }): PageQuery => {
  const reader = new QueryReader(query, KNOWN);
  const limit = reader.whole('limit', { from: 1, to: 500, otherwise: 50 });
  const skip = reader.whole('skip', { from: 0, to: 1_000_000_000, otherwise: 0 });
  const sort = reader.choice('sort', ['timestamp', 'log'] as const, 'timestamp');
  const order = reader.choice('order', ['asc', 'desc'] as const, defaults.order);
  const cursor = (field: 'after' | 'before'): Cursor | undefined => {
    const text = reader.one(field);
    if (text === undefined) return undefined;
    const decoded = decodeCursor(text, sort);
    if (!decoded) reader.refuse(field, `must be a cursor from a Link header of sort=${sort}`);
    return decoded;
  };
  const page = { limit, skip, sort, order, after: cursor('after'), before: cursor('before') };
  if (page.after && page.before) reader.refuse('before', 'and after exclude each other');
  reader.end();
  return page;
};

/** @returns the name in NFC. @throws ProblemError invalid_request */
export const readUsername = (field: string, value: string): string => {
  const name = value.normalize('NFC');
  const problem = usernameProblem(name);
  if (problem) throw invalid([{ field, message: problem }]);
  return name;
};
