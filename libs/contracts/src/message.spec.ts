import fc from 'fast-check';
import { decodeMessage, toStored } from './message.ts';

const message = {
  messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
  fromUser: 'alice',
  toUser: 'bob',
  content: ' hi\u0000 ✓',
  timestamp: 1,
  lamport: 2,
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value));

test('an encoded message is decoded to the same message', () => {
  expect(decodeMessage(encode(message))).toEqual({ ok: true, message });
});

test('no bytes make the decoder throw: invalid ones are returned with a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeMessage(bytes)).toMatchObject({ ok: false });
    }),
  );
  fc.assert(fc.property(fc.json(), (text) => void decodeMessage(Buffer.from(text))));
});

test.each([
  ['unreadable', null],
  ['unreadable', Buffer.from([0xff, 0xfe])],
  ['schema', encode([])],
  ['schema', encode({ ...message, messageId: 'x' })],
  ['schema', encode({ ...message, toUser: 'a:b' })],
  ['schema', encode({ ...message, content: 7 })],
  ['schema', encode({ ...message, timestamp: 1.5 })],
  ['schema', encode({ ...message, lamport: -1 })],
])('a record that is %s is rejected with that reason', (reason, value) => {
  expect(decodeMessage(value)).toMatchObject({ ok: false, reason });
});

test.each(['e\u0301ve', 'a\u0323\u0307', '\u1100\u1161'])(
  'a name that is not in NFC, as %j, is rejected: no address would reach its conversation',
  (name) => {
    expect(decodeMessage(encode({ ...message, fromUser: name }))).toMatchObject({ ok: false, reason: 'schema' });
    const composed = { ...message, toUser: name.normalize('NFC') };
    expect(decodeMessage(encode(composed))).toEqual({ ok: true, message: composed });
  },
);

test('a message to oneself is stored in a conversation with oneself', () => {
  expect(toStored({ ...message, toUser: 'alice' }, { partition: 0, offset: 1 }, { storedAt: 5 }).conversationId).toBe(
    'alice:alice',
  );
});
