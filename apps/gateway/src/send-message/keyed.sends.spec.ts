import { randomUUID } from 'node:crypto';
import { KeyedSends, type KeyedSend } from './keyed.sends.ts';

const MIB = 1024 * 1024;

const sendOf = (content: string): KeyedSend => {
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 };
  return { message, json: JSON.stringify(message), appended: undefined, mayBeSent: false, isStored: false };
};
const isKnown = (sends: KeyedSends, { message }: KeyedSend): boolean => sends.get(message.messageId) !== undefined;
/** V8 holds a text at 1 byte a character when all are Latin-1, else at 2. The message has it, and its JSON. */
const bytesOf = ({ json }: KeyedSend): number => json.length * (/^[\0-\xff]*$/.test(json) ? 1 : 2) * 2;

test.each([
  ['Latin', 'a'.repeat(300)],
  ['not Latin', 'щ'.repeat(300)],
  ['large and Latin', 'a'.repeat(5000)],
  ['large and not Latin', '😀'.repeat(5000)],
])('remembered sends whose texts are %s take 64 MiB at most', (_, content) => {
  const sends = new KeyedSends();
  const all = Array.from({ length: content.length < 1000 ? 60_000 : 3000 }, () => sendOf(content));
  for (const send of all) sends.set(send);
  const kept = all.filter((send) => isKnown(sends, send));
  expect(kept.length).toBeLessThan(all.length);
  expect(sends.bytes).toBeLessThanOrEqual(64 * MIB);
  expect(kept.reduce((sum, send) => sum + bytesOf(send), 0)).toBeLessThanOrEqual(sends.bytes);
});

test('sends of the largest messages push no small send out', () => {
  const sends = new KeyedSends();
  const small = sendOf('small');
  sends.set(small);
  for (let count = 0; count < 3000; count += 1) sends.set(sendOf('😀'.repeat(5000)));
  expect(isKnown(sends, small)).toBe(true);
});

test('a send in flight is kept however many come after it, and afterwards it is the most recent one', async () => {
  const sends = new KeyedSends();
  const slow = sendOf('😀'.repeat(5000));
  sends.set(slow);
  const append = Promise.withResolvers<void>();
  const inFlight = sends.whileInFlight(slow, () => append.promise);
  const flood = () => {
    for (let count = 0; count < 3000; count += 1) sends.set(sendOf('😀'.repeat(5000)));
  };
  flood();
  expect(isKnown(sends, slow)).toBe(true);
  append.resolve();
  await inFlight;
  sends.set(sendOf('😀'.repeat(5000)));
  expect(isKnown(sends, slow)).toBe(true);
  flood();
  expect(isKnown(sends, slow)).toBe(false);
});

test('what was set later under an id stays, in flight and after it, and another send does not delete it', async () => {
  const sends = new KeyedSends();
  const first = sendOf('first');
  const stored = { ...sendOf('😀'.repeat(5000)), isStored: true };
  stored.message.messageId = first.message.messageId;
  sends.set(first);
  await sends.whileInFlight(first, async () => sends.set(stored));
  sends.delete(first);
  expect(sends.get(first.message.messageId)).toBe(stored);
});
