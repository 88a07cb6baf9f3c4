import { RoundSize } from './round.size.ts';

test('the first round may count the most', () => {
  expect(new RoundSize(1000).share).toBe(1);
});

test('after a round that took too long, and after one that did not reach its end, the next one counts half as much', () => {
  const size = new RoundSize(1000);
  size.ended(1001, true);
  expect(size.share).toBe(1 / 2);
  size.ended(1, false);
  expect(size.share).toBe(1 / 4);
});

test('a round counts never less than a 64th, so that it gets on', () => {
  const size = new RoundSize(1000);
  for (let round = 0; round < 100; round += 1) size.ended(5000, false);
  expect(size.share).toBe(1 / 64);
});

test('short rounds grow to the most again, and those that fit stay as they are', () => {
  const size = new RoundSize(1000);
  for (let round = 0; round < 3; round += 1) size.ended(5000, true);
  size.ended(600, true);
  expect(size.share).toBe(1 / 8);
  for (let round = 0; round < 3; round += 1) size.ended(249, true);
  expect(size.share).toBe(1);
  size.ended(10, true);
  expect(size.share).toBe(1);
});
