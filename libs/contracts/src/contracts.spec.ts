import fc from 'fast-check';
import { LamportClock, contentProblem, conversationIdOf, decodeMessage, toStored, usernameProblem } from './index.ts';

const name = fc.stringMatching(/^[a-z0-9._@+-]{1,50}$/);
const message = {
  messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
  fromUser: 'alice',
  toUser: 'bob',
  content: ' hi\u0000 ✓',
  timestamp: 1,
  lamport: 2,
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value));

test('a conversation has one id whoever writes first, and two pairs of names never share it', () => {
  fc.assert(
    fc.property(name, name, name, name, (a, b, c, d) => {
      expect(conversationIdOf(a, b)).toBe(conversationIdOf(b, a));
      const samePair = (a === c && b === d) || (a === d && b === c);
      expect(conversationIdOf(a, b) === conversationIdOf(c, d)).toBe(samePair);
    }),
  );
});

test.each(['', 'a:b', 'a/b', 'a b', 'x'.repeat(51)])('the username %j is refused', (bad) => {
  expect(usernameProblem(bad)).toBeDefined();
});

test.each(['ünï.cødé', 'a@b+c-d_e', '名前', 'x'.repeat(50)])('the username %j is taken', (good) => {
  expect(usernameProblem(good)).toBeUndefined();
});

test('a content of white space only, of 5,001 characters, or with a lone surrogate is refused', () => {
  for (const bad of ['', ' \n\t', 'x'.repeat(5001), 'a\ud800b']) expect(contentProblem(bad)).toBeDefined();
  expect(contentProblem('😀'.repeat(5000))).toBeUndefined();
});

test('what is encoded is decoded the same', () => {
  expect(decodeMessage(encode(message))).toEqual({ ok: true, message });
});

test('no bytes at all make the decoder throw: they come back with a reason', () => {
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

test('a message to oneself has one participant', () => {
  expect(toStored({ ...message, toUser: 'alice' }, { partition: 0, offset: 1 }, 5).participants).toEqual(['alice']);
});

test('a receive moves the Lamport clock past what was received, and it never goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), (received) => {
      const clock = new LamportClock();
      let last = 0;
      for (const time of received) {
        clock.observe(time);
        const next = clock.tick();
        expect(next).toBeGreaterThan(Math.max(last, time));
        last = next;
      }
    }),
  );
});

test('a record with the largest Lamport time does not stop the clock: what is sent after it can still be read', () => {
  const clock = new LamportClock(7);
  clock.observe(Number.MAX_SAFE_INTEGER);
  const value = Buffer.from(JSON.stringify({ ...message, lamport: clock.tick() }));
  expect(decodeMessage(value)).toMatchObject({ ok: true, message: { lamport: 8 } });
});
