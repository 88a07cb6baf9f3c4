import { expect, it } from '@jest/globals';
import { quantityOf } from './quantity.ts';

it.each([
  ['1', 1],
  ['500m', 0.5],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['640Mi', 640 * 2 ** 20],
  ['1k', 1000],
  ['', Number.NaN],
  ['1 Gi', Number.NaN],
  ['-1', Number.NaN],
  ['1KB', Number.NaN],
])('%p is the quantity %p', (text, value) => {
  expect(quantityOf(text)).toBe(value);
});
