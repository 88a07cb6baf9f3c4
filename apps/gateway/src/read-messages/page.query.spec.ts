import type { ProblemError } from '@wiber/contracts';
import fc from 'fast-check';
import type { MessageCursor, MessageSort } from '@wiber/mongo';
import { CURSOR_PATTERNS, readPageQuery, writeCursor, type PageQuery } from './page.query.ts';

type Raw = Parameters<typeof readPageQuery>[0];
const read = (raw: Raw): PageQuery => readPageQuery(raw, { order: 'asc' });
/** The bad fields of a query; empty when it is taken. */
const refused = (raw: Raw): string[] => {
  try {
    read(raw);
    return [];
  } catch (error) {
    expect((error as ProblemError).code).toBe('invalid_request');
    return (error as ProblemError).errors!.map(({ field }) => field);
  }
};

const count = fc.maxSafeNat();
const byTime = fc.tuple(count, fc.uuid()) as fc.Arbitrary<MessageCursor>;
const byLog = fc.oneof(
  fc.tuple(count, count),
  fc.tuple(
    count,
    count,
    fc.maxSafeNat().filter((again) => again > 0),
  ),
) as fc.Arbitrary<MessageCursor>;

test('without parameters a page has 50 messages from the start, by time, in the order of its operation', () => {
  const page = { limit: 50, skip: 0, sort: 'timestamp', after: undefined, before: undefined };
  expect(read({})).toEqual({ ...page, order: 'asc' });
  expect(readPageQuery({}, { order: 'desc' })).toEqual({ ...page, order: 'desc' });
});

test.each<[MessageSort, fc.Arbitrary<MessageCursor>]>([
  ['timestamp', byTime],
  ['lamport', byTime],
  ['log', byLog],
])('every cursor of sort=%s is read as it was written, in a text that needs no escape in a URL', (sort, cursor) => {
  fc.assert(
    fc.property(cursor, fc.constantFrom('after', 'before'), (place, field) => {
      const text = writeCursor(place, sort);
      expect(text).toMatch(/^[\w-]+$/);
      expect(read({ sort, [field]: text })).toMatchObject({ [field]: place });
    }),
  );
});

const SORTS = ['timestamp', 'lamport', 'log'] as const satisfies MessageSort[];

test('a cursor of one sort is refused by the others', () => {
  fc.assert(
    fc.property(byTime, byLog, fc.constantFrom('after', 'before'), (time, log, field) => {
      for (const of of SORTS) {
        const text = writeCursor(of === 'log' ? log : time, of);
        for (const sort of SORTS) expect(refused({ sort, [field]: text })).toEqual(sort === of ? [] : [field]);
      }
    }),
  );
});

test('every text is read as a cursor or is refused', () => {
  const parts = fc.array(fc.oneof(fc.integer().map(String), fc.uuid(), fc.string()), { maxLength: 4 });
  const joined = parts.map((texts) => texts.join('_'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), joined), fc.constantFrom<MessageSort>(...SORTS), (text, sort) => {
      const errors = refused({ sort, before: text });
      if (errors.length > 0) expect(errors).toEqual(['before']);
    }),
  );
});

test.each([
  '',
  '_',
  '-1_2',
  '1_-2',
  '1_2_0',
  '1_2_-3',
  '1_2_x',
  '1_2_',
  '1_-1_3',
  '1_2_3_4',
  '1.5_2',
  '1',
  '1_',
  '1_null',
  '01_2',
  '1_02',
  ' 1_2',
  '1_2 ',
  '1e3_2',
  `${2 ** 53}_1`,
])('%j is no cursor of sort=log', (text) => {
  expect(refused({ sort: 'log', after: text })).toEqual(['after']);
});

test.each(SORTS)('every text that the document calls a cursor of sort=%s is one', (sort) => {
  fc.assert(
    fc.property(
      fc.stringMatching(new RegExp(CURSOR_PATTERNS[sort])),
      fc.constantFrom('after', 'before'),
      (text, field) => {
        expect(refused({ sort, [field]: text })).toEqual([]);
      },
    ),
  );
});

test('a page after one cursor and before another is refused', () => {
  const text = writeCursor([1, 2], 'log');
  expect(refused({ sort: 'log', after: text, before: text })).toEqual(['before']);
});

test('limit and skip are taken within their bounds and refused outside of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 600 }), fc.integer({ min: -10, max: 2_000_000_000 }), (limit, skip) => {
      const expected = [
        ...(limit >= 1 && limit <= 500 ? [] : ['limit']),
        ...(skip >= 0 && skip <= 1_000_000_000 ? [] : ['skip']),
      ];
      expect(refused({ limit: String(limit), skip: String(skip) })).toEqual(expected);
      if (expected.length === 0)
        expect(read({ limit: String(limit), skip: String(skip) })).toMatchObject({ limit, skip });
    }),
  );
});

test('all bad parameters are refused in one answer', () => {
  const raw = { limit: '0', skip: 'x', sort: 'colour', order: ['asc', 'asc'], after: '!', colour: 'red' };
  expect(refused(raw).toSorted()).toEqual(['after', 'colour', 'limit', 'order', 'skip', 'sort']);
});
