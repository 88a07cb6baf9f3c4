import { jest } from '@jest/globals';
import type { LogPosition, TopicPosition } from '@wiber/contracts';
import type { PassedPositions, WaitOptions, WaitResult } from '@wiber/kafka';
import type { DeadLetterReader, ListedRecord, MessageReader } from '@wiber/mongo';
import { MessageFate } from './message.fate.ts';

const id = (last: number): string => `0199c2a4-6f3e-7b1a-9d4c-${String(last).padStart(12, '0')}`;
const position = { partition: 2, offset: 9 };

/** The test says what Kafka and MongoDB hold; `calls` has the look-ups. */
const fates = ({ passing = 'passed' as WaitResult } = {}) => {
  const state = { passing, stored: [] as string[], listed: new Map<number, string>(), storeIsAway: false };
  const calls: (string | number)[][] = [];
  const positions = { waitFor: async (_: LogPosition, __: WaitOptions) => state.passing };
  const messages = {
    storedAmong: async (ids: string[]) => {
      calls.push(['stored', ids.length]);
      if (state.storeIsAway) throw new Error('away');
      return new Set(ids.filter((one) => state.stored.includes(one)));
    },
  };
  const letters = {
    listedAt: async (places: TopicPosition[]): Promise<ListedRecord[]> => {
      calls.push(['letters', places.length]);
      return places.flatMap((place) => {
        const messageId = state.listed.get(place.offset);
        return messageId === undefined
          ? []
          : [{ ...place, value: Buffer.from(JSON.stringify({ messageId })), headers: [] }];
      });
    },
  };
  const fate = new MessageFate(
    positions as unknown as PassedPositions,
    messages as unknown as MessageReader,
    letters as unknown as DeadLetterReader,
  );
  return { fate, state, calls };
};

const query = { messageId: id(1), position, ms: 5000 };

test('a message that is stored and passed is stored', async () => {
  const { fate, state, calls } = fates();
  state.stored.push(id(1));
  expect(await fate.ofAppended(query)).toBe('stored');
  expect(calls).toEqual([['stored', 1]]);
});

test('a passed position alone is never taken for stored', async () => {
  const { fate } = fates();
  expect(await fate.of(query)).toBe('missing');
});

test.each<WaitResult>(['pending', 'busy'])('a wait that ends %s looks for nothing and is pending', async (passing) => {
  const { fate, calls } = fates({ passing });
  expect(await fate.of(query)).toBe('pending');
  expect(await fate.ofAppended(query)).toBe('pending');
  expect(calls).toEqual([]);
});

test('a message that became a dead letter is one, and that of another message at its place is not taken for it', async () => {
  const { fate, state } = fates();
  state.listed.set(position.offset, id(2));
  expect(await fate.of(query)).toBe('missing');
  state.listed.set(position.offset, id(1));
  expect(await fate.of(query)).toBe('dead_lettered');
});

test('messages that are passed together are looked for with one look-up', async () => {
  const { fate, state, calls } = fates();
  const wanted = Array.from({ length: 300 }, (_, index) => id(index));
  state.stored = wanted;
  const found = await Promise.all(wanted.map((messageId) => fate.ofAppended({ ...query, messageId })));
  expect(new Set(found)).toEqual(new Set(['stored']));
  expect(calls).toEqual([['stored', 300]]);
});

test('while MongoDB is away nothing is known of an appended message, and nothing fails; a read is refused', async () => {
  const { fate, state } = fates();
  state.storeIsAway = true;
  expect(await fate.ofAppended(query)).toBe('pending');
  await expect(fate.of(query)).rejects.toThrow('away');
});

describe('an appended message that is passed and not found', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const look = async (wait: Promise<unknown>) => {
    const seen: { fate?: unknown } = {};
    void wait.then((fate) => (seen.fate = fate));
    await jest.advanceTimersByTimeAsync(50);
    return seen;
  };

  test('is looked for again until its dead letter is listed', async () => {
    const { fate, state } = fates();
    const seen = await look(fate.ofAppended(query));
    expect(seen.fate).toBeUndefined();
    state.listed.set(position.offset, id(1));
    await jest.advanceTimersByTimeAsync(150);
    expect(seen.fate).toBe('dead_lettered');
  });

  test('is pending for a read that does not wait, until it is listed or was missing for a second', async () => {
    const { fate, state } = fates();
    const ask = async () => (await look(fate.of({ ...query, ms: 0 }))).fate;
    expect(await ask()).toBe('pending');
    await jest.advanceTimersByTimeAsync(800);
    expect(await ask()).toBe('pending');
    state.listed.set(position.offset, id(1));
    expect(await ask()).toBe('dead_lettered');
    state.listed.clear();
    await jest.advanceTimersByTimeAsync(100);
    expect(await ask()).toBe('missing');
  });

  test('is pending where the wait of a read ends first', async () => {
    const { fate } = fates();
    const seen = await look(fate.of({ ...query, ms: 300 }));
    await jest.advanceTimersByTimeAsync(400);
    expect(seen.fate).toBe('pending');
  });

  test('is looked for again by a bounded number of callers at once; the next one is told that it is pending', async () => {
    const { fate } = fates();
    const told: unknown[] = [];
    for (let count = 0; count < 400; count += 1)
      void fate.of({ ...query, messageId: id(count) }).then((one) => told.push(one));
    await jest.advanceTimersByTimeAsync(50);
    expect(told).toEqual(Array(144).fill('pending'));
    await jest.advanceTimersByTimeAsync(1100);
  });

  test('is missing after a second, with at most ten more looks', async () => {
    const { fate, calls } = fates();
    const seen = await look(fate.ofAppended(query));
    await jest.advanceTimersByTimeAsync(1100);
    expect(seen.fate).toBe('missing');
    expect(calls.length).toBeLessThanOrEqual(22);
  });
});
