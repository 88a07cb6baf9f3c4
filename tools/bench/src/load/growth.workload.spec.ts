import { decodeMessage } from '@wiber/contracts';
import fc from 'fast-check';
import { ID_ORDERS, messageIdAt, recordAt, usersAt, type Workload } from './growth.workload.ts';

const workloadOf = (ids: Workload['ids']): Workload => ({ ids, startMs: 1_790_000_000_000, pace: 1000 });
const numbers = fc.integer({ min: 0, max: 50_000_000 });

test.each(ID_ORDERS)('ingest can store every message with ids in the order %s', (ids) => {
  fc.assert(
    fc.property(numbers, (number) => {
      const { key, value } = recordAt(workloadOf(ids), number);
      const decoded = decodeMessage(Buffer.from(value));
      expect(decoded).toMatchObject({ ok: true, message: { messageId: messageIdAt(workloadOf(ids), number) } });
      expect(key.split(':').toSorted()).toEqual(usersAt(number).toSorted());
      expect(new Set(usersAt(number)).size).toBe(2);
    }),
  );
});

test('ids in the order of time are later for later messages, also within one millisecond', () => {
  const workload = { ...workloadOf('time'), pace: 100_000 };
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 1_000_000 }), (number, step) => {
      expect(messageIdAt(workload, number) < messageIdAt(workload, number + step)).toBe(true);
    }),
  );
});

test('no two messages have the same id', () => {
  const ids = Array.from({ length: 200_000 }, (_, number) => messageIdAt(workloadOf('random'), number));
  expect(new Set(ids).size).toBe(ids.length);
});

test('each of the first conversations has 50 of the first 10,000 messages, and later messages go to 100,000', () => {
  const conversationsOf = (from: number, size: number) => {
    const counts = new Map<string, number>();
    for (let number = from; number < from + size; number += 1) {
      const key = usersAt(number).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  expect(new Set(conversationsOf(0, 10_000).values())).toEqual(new Set([50]));
  // Of 100,000 conversations, 1 - 1/e are drawn at least once in 100,000 draws.
  expect(conversationsOf(10_000, 100_000).size / 100_000).toBeCloseTo(1 - 1 / Math.E, 2);
});
