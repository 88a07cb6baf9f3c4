import type { ProblemError } from '@wiber/contracts';
import {
  readCountQuery,
  readMessageId,
  readPosition,
  readUserPageQuery,
  readUsername,
} from './read-messages.request.ts';

const fieldsOf = (read: () => unknown): string[] | undefined => {
  try {
    read();
    return [];
  } catch (error) {
    return (error as ProblemError).errors?.map(({ field }) => field);
  }
};

test('a name in the path is read in NFC, and a bad one is refused under its place', () => {
  expect(readUsername('user1', 'e\u0301ve')).toBe('\u00e9ve');
  expect(fieldsOf(() => readUsername('user2', 'a:b'))).toEqual(['user2']);
});

test.each(['', 'x', '0199c2a46f3e7b1a9d4c3f2a1b0c9d8e', '{0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e}'])(
  'the id %j is refused: a UUID has one form here',
  (id) => {
    expect(fieldsOf(() => readMessageId(id))).toEqual(['messageId']);
  },
);

test('an id is read in any case, as RFC 9562 asks, and is looked up in lower case', () => {
  const id = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
  for (const given of [id, id.toUpperCase(), '0199C2a4-6f3E-7B1a-9d4c-3f2a1b0c9D8e'])
    expect(readMessageId(given)).toBe(id);
});

test('a position is read from both numbers, and is none where neither is given', () => {
  expect(readPosition({ partition: '3', offset: '1042' })).toEqual({ partition: 3, offset: 1042 });
  expect(readPosition({})).toBeUndefined();
});

test.each([
  [{ partition: '3' }],
  [{ offset: '3' }],
  [{ partition: '-1', offset: '3' }],
  [{ partition: '1', offset: '1e3' }],
  [{ partition: '1', offset: '9'.repeat(16) }],
  [{ partition: '', offset: '1' }],
])('half a position or a bad number is refused: %j', (raw) => {
  expect(fieldsOf(() => readPosition(raw))).toEqual(['partition']);
});

test('a count takes both users, one or neither, in NFC, and refuses all bad ones at once', () => {
  expect(readCountQuery({})).toEqual({ user1: undefined, user2: undefined });
  expect(readCountQuery({ user2: 'e\u0301ve' })).toEqual({ user1: undefined, user2: '\u00e9ve' });
  expect(fieldsOf(() => readCountQuery({ user1: 'a/b', user2: ['x', 'y'], x: '1' }))).toEqual(['x', 'user1', 'user2']);
});

test("a user's messages are newest first, and have no other sort than time", () => {
  for (const raw of [{}, { sort: 'timestamp' }])
    expect(readUserPageQuery(raw)).toMatchObject({ order: 'desc', sort: 'timestamp' });
  expect(fieldsOf(() => readUserPageQuery({ sort: 'log' }))).toEqual(['sort']);
});

test.each([
  ['log', 'can not be log here: a user’s conversations are in several partitions'],
  ['lamport', 'can not be lamport here: a user’s messages are found by the hours'],
  ['colour', 'must be timestamp here'],
  ['toString', 'must be timestamp here'],
  [['log', 'log'], 'must be timestamp here'],
])("the refusal of sort=%j for a user's messages says why, and what to do", (sort, why) => {
  let message = '';
  try {
    readUserPageQuery({ sort });
  } catch (error) {
    message = (error as ProblemError).errors?.[0]?.message ?? '';
  }
  expect(message).toContain(why);
  expect(message).toContain('take it out, or read a conversation');
});
