import { HEADER } from '@wiber/contracts';
import type { ListedLetter } from '@wiber/mongo';
import { letterIdOf, ownIdOf } from '../messages/letter.identity.ts';
import { letterOf, locationOf, stateOf, summaryOf } from './letter.view.ts';

const id = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const other = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8f';
const message = { messageId: id, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 5, lamport: 3 };
const letter: ListedLetter = {
  ...{ topic: 'chat', partition: 3, offset: 42, dlq: { topic: 'chat.dlq', partition: 0, offset: 7 } },
  ...{ reason: 'schema', error: 'toUser is missing', attempts: 1, time: 9, instance: 'ingest-1', state: 'waiting' },
  ...{ key: Buffer.from('ann:ben'), value: Buffer.from([0xff]), valueBytes: 1, trail: [] },
  headers: [{ name: 'trace', value: Buffer.from('t') }],
};

test('a letter is named by the place of its record, and a stray record by its place in the dead-letter topic', () => {
  expect(letterIdOf(letter)).toBe('3-42');
  expect(letterIdOf({ ...letter, topic: 'chat.dlq', partition: 0, offset: 7 })).toBe('dlq-0-7');
});

test('a summary has no content of the record', () => {
  expect(Object.keys(summaryOf(letter))).not.toEqual(expect.arrayContaining(['key', 'value', 'headers', 'trail']));
  expect(summaryOf(letter)).toMatchObject({ id: '3-42', dlqPartition: 0, dlqOffset: 7, valueBytes: 1 });
});

test('bytes are shown in base64, and as text only where they are UTF-8', () => {
  expect(letterOf(letter)).toMatchObject({
    ...{ keyText: 'ann:ben', keyBase64: Buffer.from('ann:ben').toString('base64') },
    ...{ valueText: undefined, valueBase64: '/w==' },
    headers: [{ name: 'trace', text: 't', base64: 'dA==' }],
  });
  expect(letterOf({ ...letter, key: null })).toMatchObject({ keyText: undefined, keyBase64: undefined });
});

test.each<[string, { partition: number; offset: number } | undefined, object, string]>([
  ['a known position', { partition: 1, offset: 70 }, { partition: 1, offset: 70 }, '?partition=1&offset=70'],
  ['a position without an offset, as a broker may answer', { partition: 1, offset: -1 }, {}, ''],
  ['no position yet', undefined, {}, ''],
])('a replay with %s is shown so', (_, position, place, query) => {
  const replayed = { ...letter, replay: { message, mended: false, ...(position ? { position } : {}) } };
  expect(stateOf(replayed)).toEqual({ id: '3-42', state: 'waiting', messageId: id, ...place });
  expect(locationOf(replayed)).toBe(`/messages/${id}${query}`);
});

test.each<[string, unknown, string | undefined, string | undefined]>([
  ['in its value', { messageId: id }, undefined, id],
  ['in a header alone', {}, other, other],
  ['in both, where the value counts', { messageId: id }, other, id],
  ['in a header, where that of the value is no UUID', { messageId: 'x' }, other, other],
  ['nowhere', [], 'x', undefined],
])('the id of a record is found %s', (_, value, header, expected) => {
  const headers = header === undefined ? [] : [{ name: HEADER.messageId, value: Buffer.from(header) }];
  expect(ownIdOf({ value: Buffer.from(JSON.stringify(value)), headers })).toBe(expected);
  if (header === undefined) expect(ownIdOf({ value: Buffer.from('{'), headers })).toBeUndefined();
});
