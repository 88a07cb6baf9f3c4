import fc from 'fast-check';
import mongoose from 'mongoose';
import { uuidOf } from './message.document.ts';
import { messagesToJson } from './message.json.ts';

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
      expect(lamport).toBe(Math.max(0, ...messages.map((one) => one.lamport)));
    }),
    { numRuns: 500 },
  );
});

test('a page whose every character needs an escape grows past the size of its documents', () => {
  const one = { messageId: 'x', fromUser: 'a', toUser: 'b', content: '\u0001'.repeat(5000), timestamp: 1, lamport: 1 };
  const { json } = messagesToJson([BSON.serialize(one)]);
  expect(JSON.parse(json.toString())).toEqual([one]);
  expect(json.length).toBeGreaterThan(30_000);
});

test('a byte order mark at the start of an escaped content stays', () => {
  const one = { messageId: 'x', fromUser: 'a', toUser: 'b', content: '\ufeff"', timestamp: 1, lamport: 1 };
  expect(JSON.parse(messagesToJson([BSON.serialize(one)]).json.toString())).toEqual([one]);
});

test('int64 times, as another writer may store them, are read as numbers', () => {
  const long = BSON.serialize({ timestamp: BSON.Long.fromNumber(1_790_000_000_000), lamport: BSON.Long.fromNumber(7) });
  expect(messagesToJson([long])).toMatchObject({ lamport: 7 });
  expect(messagesToJson([long]).json.toString()).toBe('[{"timestamp":1790000000000,"lamport":7}]');
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
