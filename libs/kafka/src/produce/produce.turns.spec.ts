import { jest } from '@jest/globals';
import { ProduceTurns } from './produce.turns.ts';

const LENT_MS = 50;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Asks for a turn and records when it gets one. */
const taker = (turns: ProduceTurns) => {
  const state = { hasTurn: false, end: () => undefined as void };
  void turns.take().then((end) => Object.assign(state, { hasTurn: true, end }));
  return state;
};
const settled = () => jest.advanceTimersByTimeAsync(0);

test('only as many turns as the policy allows are open at once, and the next waiter gets one when one ends, first come first served', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 2, lentMs: LENT_MS });
  const takers = Array.from({ length: 4 }, () => taker(turns));
  await settled();
  expect(takers.map(({ hasTurn }) => hasTurn)).toEqual([true, true, false, false]);
  takers[1]!.end();
  await settled();
  expect(takers.map(({ hasTurn }) => hasTurn)).toEqual([true, true, true, false]);
  takers[0]!.end();
  await settled();
  expect(takers.map(({ hasTurn }) => hasTurn)).toEqual([true, true, true, true]);
  for (const { end } of takers) end();
});

test('a turn without an answer ends by itself, and ending it again later frees no second turn', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 1, lentMs: LENT_MS });
  const [first, second, third] = [taker(turns), taker(turns), taker(turns)];
  await jest.advanceTimersByTimeAsync(LENT_MS - 1);
  expect(second.hasTurn).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(second.hasTurn).toBe(true);
  first.end();
  await settled();
  expect(third.hasTurn).toBe(false);
  second.end();
  await settled();
  expect(third.hasTurn).toBe(true);
  third.end();
});

test('a turn that ends while no one waits is free for the next caller', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 1, lentMs: LENT_MS });
  for (let round = 0; round < 3; round += 1) {
    const one = taker(turns);
    await settled();
    expect(one.hasTurn).toBe(true);
    one.end();
  }
});
