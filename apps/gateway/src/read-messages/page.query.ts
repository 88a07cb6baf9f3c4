import { isMessageId, usernameProblem, type FieldError } from '@wiber/contracts';
import { invalid } from '../http/body.validator.ts';

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

export type RawQuery = Record<string, string | string[] | undefined>;

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
  const errors: FieldError[] = [];
  const one = (field: string): string | undefined => {
    const value = query[field];
    if (Array.isArray(value)) errors.push({ field, message: 'may be given once' });
    return Array.isArray(value) ? undefined : value;
  };
  const whole = (field: string, { from, to, otherwise }: { from: number; to: number; otherwise: number }): number => {
    const text = one(field);
    if (text === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (value < from || value > to) errors.push({ field, message: `must be a whole number from ${from} to ${to}` });
    return value;
  };
  const choice = <T extends string>(field: string, choices: readonly T[], otherwise: T): T => {
    const text = one(field);
    if (text === undefined) return otherwise;
    const found = choices.find((known) => known === text);
    if (!found) errors.push({ field, message: `must be ${choices.join(' or ')}` });
    return found ?? otherwise;
  };
  for (const field of Object.keys(query)) {
    if (!KNOWN.includes(field)) errors.push({ field, message: 'is not a known parameter; take it out' });
  }
  const limit = whole('limit', { from: 1, to: 500, otherwise: 50 });
  const skip = whole('skip', { from: 0, to: 1_000_000_000, otherwise: 0 });
  const sort = choice('sort', ['timestamp', 'log'] as const, 'timestamp');
  const order = choice('order', ['asc', 'desc'] as const, defaults.order);
  const cursor = (field: 'after' | 'before'): Cursor | undefined => {
    const text = one(field);
    if (text === undefined) return undefined;
    const decoded = decodeCursor(text, sort);
    if (!decoded) errors.push({ field, message: `must be a cursor from a Link header of sort=${sort}` });
    return decoded;
  };
  const page = { limit, skip, sort, order, after: cursor('after'), before: cursor('before') };
  if (page.after && page.before) errors.push({ field: 'before', message: 'and after exclude each other' });
  if (errors.length > 0) throw invalid(errors);
  return page;
};

/** @returns the name in NFC. @throws ProblemError invalid_request */
export const readUsername = (field: string, value: string): string => {
  const name = value.normalize('NFC');
  const problem = usernameProblem(name);
  if (problem) throw invalid([{ field, message: problem }]);
  return name;
};
