import { jest } from '@jest/globals';
import { ProduceTurns } from './produce.turns.ts';

const LENT_MS = 50;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Takes a turn, and says when it is had. */
const taker = (turns: ProduceTurns) => {
  const state = { had: false, giveBack: () => undefined as void };
  void turns.take().then((giveBack) => Object.assign(state, { had: true, giveBack }));
  return state;
};
const settled = () => jest.advanceTimersByTimeAsync(0);

test('no more than the policy says have a turn at once, and the next has it when one comes back, first come first served', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 2, lentMs: LENT_MS });
  const takers = Array.from({ length: 4 }, () => taker(turns));
  await settled();
  expect(takers.map(({ had }) => had)).toEqual([true, true, false, false]);
  takers[1]!.giveBack();
  await settled();
  expect(takers.map(({ had }) => had)).toEqual([true, true, true, false]);
  takers[0]!.giveBack();
  await settled();
  expect(takers.map(({ had }) => had)).toEqual([true, true, true, true]);
  for (const { giveBack } of takers) giveBack();
});

test('a turn whose answer does not come ends by itself, and giving it back later gives nothing twice', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 1, lentMs: LENT_MS });
  const [first, second, third] = [taker(turns), taker(turns), taker(turns)];
  await jest.advanceTimersByTimeAsync(LENT_MS - 1);
  expect(second.had).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(second.had).toBe(true);
  first.giveBack();
  await settled();
  expect(third.had).toBe(false);
  second.giveBack();
  await settled();
  expect(third.had).toBe(true);
  third.giveBack();
});

test('a turn that came back to nobody is free for the next', async () => {
  const turns = new ProduceTurns({ type: 'turns', atOnce: 1, lentMs: LENT_MS });
  for (let round = 0; round < 3; round += 1) {
    const one = taker(turns);
    await settled();
    expect(one.had).toBe(true);
    one.giveBack();
  }
});
