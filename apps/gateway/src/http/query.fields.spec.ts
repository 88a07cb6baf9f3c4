import type { ProblemError } from '@wiber/contracts';
import { readQuery, type QueryFields, type RawQuery } from './query.fields.ts';

const read = (raw: RawQuery) =>
  readQuery(raw, ['limit', 'sort'], (query: QueryFields) => ({
    limit: query.whole('limit', { from: 1, to: 500, otherwise: 50 }),
    sort: query.choice('sort', ['time', 'log'] as const, 'time'),
  }));

const errorsOf = (raw: RawQuery) => {
  try {
    read(raw);
    return [];
  } catch (error) {
    return (error as ProblemError).errors;
  }
};

test('missing fields have their defaults, and given ones are read', () => {
  expect(read({})).toEqual({ limit: 50, sort: 'time' });
  expect(read({ limit: '500', sort: 'log' })).toEqual({ limit: 500, sort: 'log' });
});

test('all bad fields are refused at once', () => {
  expect(errorsOf({ limit: '0', sort: 'mood', colour: 'red' })).toEqual([
    { field: 'colour', message: 'is not a known parameter; take it out' },
    { field: 'limit', message: 'must be a whole number from 1 to 500' },
    { field: 'sort', message: 'must be time or log' },
  ]);
});

test.each(['', '0', '501', '-1', '1.5', '1e2', ' 1', '0x1', '9'.repeat(16)])('the number %j is refused', (limit) => {
  expect(errorsOf({ limit })).toHaveLength(1);
});

test('a field that is given twice is refused', () => {
  expect(errorsOf({ limit: ['1', '2'] })).toEqual([{ field: 'limit', message: 'may be given once' }]);
});

test('of many unknown parameters an answer names 20', () => {
  const many = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`x${index}`, '1']));
  expect(errorsOf(many)).toHaveLength(20);
});
