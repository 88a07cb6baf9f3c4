import { isMessageId } from '@wiber/contracts';
import fc from 'fast-check';
import { messageIdFor, replayIdFor } from './message.id.ts';

const place = fc.record({ topic: fc.string(), partition: fc.nat(), offset: fc.maxSafeNat() });

test('a sender and a key always give the same id, and another sender or key gives another', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (sender, key, otherSender, otherKey) => {
      const id = messageIdFor(sender, key);
      expect(isMessageId(id)).toBe(true);
      expect(messageIdFor(sender, key)).toBe(id);
      expect(messageIdFor(otherSender, otherKey) === id).toBe(sender === otherSender && key === otherKey);
    }),
  );
});

test('where a key counts for one recipient, another recipient gives another id, and none gives that of a sender alone', () => {
  const name = fc.string().filter((text) => !text.includes('/'));
  fc.assert(
    fc.property(name, name, name, fc.string(), (sender, recipient, other, key) => {
      const id = messageIdFor(sender, key, recipient);
      expect(messageIdFor(sender, key, recipient)).toBe(id);
      expect(messageIdFor(sender, key, other) === id).toBe(other === recipient);
      expect(messageIdFor(recipient, key, sender) === id).toBe(sender === recipient);
      expect(messageIdFor(other, key)).not.toBe(id);
    }),
  );
});

test('without a key each message has an id of its own, and later ids sort behind earlier ones', () => {
  const ids = Array.from({ length: 1000 }, () => messageIdFor('ann', undefined));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(ids.toSorted());
});

test('a replay has one id for each place of a record, and no sender can choose a key that gives it', () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      const id = replayIdFor(one);
      expect(replayIdFor({ ...one })).toBe(id);
      const isSame = one.topic === other.topic && one.partition === other.partition && one.offset === other.offset;
      expect(replayIdFor(other) === id).toBe(isSame);
      expect(messageIdFor('wiber', `${one.topic}:${one.partition}:${one.offset}`)).not.toBe(id);
    }),
  );
});
