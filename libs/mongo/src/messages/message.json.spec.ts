import fc from 'fast-check';
import mongoose from 'mongoose';
import { isLamportTime } from '@wiber/contracts';
import { uuidOf } from './message.document.ts';
import { messagesToJson, messagesToJsonInTurns } from './page.json.ts';

const { BSON } = mongoose.mongo;
const message = fc.record({
  _id: fc.record({ partition: fc.nat(100), offset: fc.maxSafeNat() }),
  messageId: fc.uuid(),
  fromUser: fc.string({ unit: 'grapheme', maxLength: 50 }),
  toUser: fc.string({ unit: 'grapheme', maxLength: 50 }),
  content: fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
  timestamp: fc.maxSafeNat(),
  lamport: fc.oneof(fc.nat(), fc.maxSafeNat()),
  conversationId: fc.string(),
  storedAt: fc.maxSafeNat(),
});
type Document = typeof message extends fc.Arbitrary<infer T> ? T : never;

const leaving = ({ messageId, fromUser, toUser, content, timestamp, lamport }: Document) => {
  return { messageId, fromUser, toUser, content, timestamp, lamport };
};

test('a page of any messages is byte for byte what JSON.stringify writes of them', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
      const documents = messages.map((one) => BSON.serialize({ ...one, messageId: uuidOf(one.messageId) }));
      const { json, lamport } = messagesToJson(documents);
      expect(json.toString()).toBe(JSON.stringify(messages.map(leaving)));
      expect(lamport).toBe(Math.max(0, ...messages.map((one) => one.lamport).filter(isLamportTime)));
    }),
    { numRuns: 500 },
  );
});

const ID = '018f2a3b-4c5d-7e6f-8a9b-0c1d2e3f4a5b';
const whole = { messageId: ID, fromUser: 'a', toUser: 'b', content: 'hi', timestamp: 1, lamport: 1 };
const bsonOf = (document: object) => BSON.serialize({ ...document, messageId: uuidOf(ID) });

test('the largest possible Lamport time of a foreign message does not hide those of the others of a page', () => {
  const documents = [7, Number.MAX_SAFE_INTEGER, 5].map((lamport) => bsonOf({ ...whole, lamport }));
  expect(messagesToJson(documents).lamport).toBe(7);
});

test('a page whose every character needs an escape grows past the size of its documents', () => {
  const one = { ...whole, content: '\u0001'.repeat(5000) };
  const { json } = messagesToJson([bsonOf(one)]);
  expect(JSON.parse(json.toString())).toEqual([one]);
  expect(json.length).toBeGreaterThan(30_000);
});

test('a byte order mark at the start of an escaped content stays', () => {
  const one = { ...whole, content: '\ufeff"' };
  expect(JSON.parse(messagesToJson([bsonOf(one)]).json.toString())).toEqual([one]);
});

test('int64 times, as another writer may store them, are read as numbers', () => {
  const times = { timestamp: BSON.Long.fromNumber(1_790_000_000_000), lamport: BSON.Long.fromNumber(7) };
  const long = bsonOf({ ...whole, ...times });
  expect(messagesToJson([long])).toMatchObject({ lamport: 7 });
  expect(messagesToJson([long]).json.toString()).toBe(
    JSON.stringify([{ ...whole, timestamp: 1_790_000_000_000, lamport: 7 }]),
  );
});

test.each([
  ['a boolean for a content', { content: true }],
  ['a regular expression beside the message', { content: 'hi', other: /x/ }],
])('%s is an error, never a wrong page', (_, document) => {
  expect(() => messagesToJson([BSON.serialize(document)])).toThrow(/BSON element of type/);
});

test.each([
  ['of another length', new BSON.Binary(Buffer.alloc(15), 4)],
  ['of another kind', new BSON.Binary(Buffer.alloc(16), 0)],
])('a binary %s is an error, never a wrong id', (_, messageId) => {
  expect(() => messagesToJson([BSON.serialize({ messageId })])).toThrow('a BSON binary that is no UUID');
});

/** What another program may have stored where a message belongs. */
const ODD: [what: string, document: object][] = [
  ['a Date for the timestamp', { ...whole, timestamp: new Date(1) }],
  ['no content', { ...whole, content: null }],
  ['a Decimal128 for the Lamport time', { ...whole, lamport: BSON.Decimal128.fromString('7') }],
  ['a timestamp that is no number', { ...whole, timestamp: NaN }],
  ['half a millisecond', { ...whole, timestamp: 1.5 }],
  ['a negative Lamport time', { ...whole, lamport: -1 }],
  ['a number for a name', { ...whole, toUser: 7 }],
  ['a missing name', { messageId: ID, fromUser: 'a', content: 'hi', timestamp: 1, lamport: 1 }],
  ['a code beside it', { ...whole, other: new BSON.Code('x') }],
];
/** BSON that no driver of ours makes: the same field twice, and a text that is no UTF-8. */
const twice = Buffer.from(bsonOf({ ...whole, contenT: 'no' }).buffer)
  .toString('latin1')
  .replace('contenT', 'content');
const noUtf8 = bsonOf({ ...whole, content: 'XYZ' }).map((byte) => (byte === 0x59 ? 0xff : byte));
const odd: [what: string, bytes: Uint8Array][] = [
  ...ODD.map(([what, document]): [string, Uint8Array] => [what, bsonOf(document)]),
  ['a field twice', Buffer.from(twice, 'latin1')],
  ['a text that is no UTF-8', noUtf8],
  ['an id that is a text', BSON.serialize(whole)],
];

test.each(odd)('a document with %s is left out of a page and reported, and the page has the others', (_, document) => {
  const left: Uint8Array[] = [];
  const page = messagesToJson([bsonOf(whole), document, bsonOf(whole), document], (found) => void left.push(found));
  expect(JSON.parse(page.json.toString())).toEqual([whole, whole]);
  expect(left).toEqual([document, document]);
  expect(messagesToJson([document], () => undefined).json.toString()).toBe('[]');
});

test('fields of any fixed or counted type beside a message change nothing', () => {
  const { Decimal128, MinKey, MaxKey, ObjectId, Timestamp } = BSON;
  const values = [new Date(1), null, true, [1, { a: 2 }], Decimal128.fromString('1'), new MinKey(), new MaxKey()];
  const others = { ...values, id: new ObjectId(), at: new Timestamp({ t: 1, i: 1 }), last: 'x' };
  expect(JSON.parse(messagesToJson([bsonOf({ ...others, ...whole })]).json.toString())).toEqual([whole]);
});

test('a large page is written in pieces: others have their turn between them, and it is the same page', async () => {
  const documents = Array.from({ length: 500 }, () => bsonOf({ ...whole, content: '😀'.repeat(5000) }));
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    for (; !isDone; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  })();
  const page = await messagesToJsonInTurns(documents);
  isDone = true;
  await others;
  // 10 MB in pieces of 256 KiB.
  expect(turns).toBeGreaterThanOrEqual(35);
  expect(page.json.equals(messagesToJson(documents).json)).toBe(true);
});
