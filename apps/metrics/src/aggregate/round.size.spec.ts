import { RoundSize } from './round.size.ts';

test('the first round may count the most', () => {
  expect(new RoundSize().share).toBe(1);
});

test('a round after one that was cut off counts half as much, and never less than a 64th, so that it gets on', () => {
  const size = new RoundSize();
  size.cutOff();
  expect(size.share).toBe(1 / 2);
  for (let round = 0; round < 100; round += 1) size.cutOff();
  expect(size.share).toBe(1 / 64);
});

test('with each round that reaches its end the next one counts more, up to the most', () => {
  const size = new RoundSize();
  for (let round = 0; round < 6; round += 1) size.cutOff();
  size.reachedEnd();
  expect(size.share).toBe(1 / 64 + 1 / 32);
  for (let round = 0; round < 40; round += 1) size.reachedEnd();
  expect(size.share).toBe(1);
});
