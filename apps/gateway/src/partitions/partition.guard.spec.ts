import { jest } from '@jest/globals';
import type { PartitionRegister } from '@wiber/mongo';
import { PartitionGuard } from './partition.guard.ts';

/** A store that remembers a number, or is away. */
const guardOf = ({ remembered, named = 0 }: { remembered: number; named?: number }) => {
  const state = { remembered, isAway: false };
  const register = {
    remember: async () => {
      if (state.isAway) throw new Error('away');
      return state.remembered;
    },
    change: async (_: string, partitions: number) => void (state.remembered = partitions),
  };
  const lines: string[] = [];
  const note = (...given: unknown[]) => void lines.push(String(given.at(-1)));
  const settings = { topic: 'chat', named, logger: { warn: note, error: note } as never };
  return { guard: new PartitionGuard(register as unknown as PartitionRegister, settings), state, lines };
};

const opened = Promise.resolve();
const never = new Promise<void>(() => undefined);

test('the number that is remembered is admitted, and another one ends the start with one line that says what to do', async () => {
  await expect(guardOf({ remembered: 6 }).guard.admit(6, opened)).resolves.toBeUndefined();
  await expect(guardOf({ remembered: 3 }).guard.admit(6, opened)).rejects.toMatchObject({
    name: 'StartError',
    message: expect.stringMatching(/^the topic chat has 6 partitions, and .* over 3: .*KAFKA_PARTITIONS=6$/),
  });
});

test('a topic with more partitions than a gateway can send to ends the start with one line, also while MongoDB is away', async () => {
  await expect(guardOf({ remembered: 4000 }).guard.admit(4000, opened)).resolves.toBeUndefined();
  await expect(guardOf({ remembered: 4001 }).guard.admit(4001, never)).rejects.toMatchObject({
    name: 'StartError',
    message: expect.stringMatching(/^the topic chat has 4001 partitions, .* at most 4000; make the topic with fewer$/),
  });
});

test('a number that KAFKA_PARTITIONS names is a change on purpose, and is remembered', async () => {
  const { guard, state } = guardOf({ remembered: 3, named: 6 });
  await guard.admit(6, opened);
  expect(state.remembered).toBe(6);
});

describe('while MongoDB is away', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('the start goes on after 3 s, and another number ends it once MongoDB is there', async () => {
    const { guard, state, lines } = guardOf({ remembered: 3 });
    const admitted = guard.admit(6, never);
    await jest.advanceTimersByTimeAsync(3000);
    await admitted;
    expect(lines).toEqual(['MongoDB is away: the number of partitions is compared later']);
    state.isAway = true;
    let failure: unknown;
    const confirmed = guard.confirm(6, () => false).catch((error: unknown) => (failure = error));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(failure).toBeUndefined();
    state.isAway = false;
    await jest.advanceTimersByTimeAsync(1000);
    await confirmed;
    expect(failure).toMatchObject({ name: 'StartError' });
  });

  test('a stop ends the tries', async () => {
    const { guard, state } = guardOf({ remembered: 6 });
    state.isAway = true;
    let isStopping = false;
    const confirmed = guard.confirm(6, () => isStopping);
    await jest.advanceTimersByTimeAsync(2500);
    isStopping = true;
    await jest.advanceTimersByTimeAsync(1000);
    await confirmed;
  });
});
