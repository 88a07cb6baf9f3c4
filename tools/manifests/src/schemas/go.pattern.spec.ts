import { expect, it } from '@jest/globals';
import { goPattern } from './go.pattern.ts';

it('a flag at the start of a pattern of Go holds for the whole pattern', () => {
  const pattern = goPattern('^(?i)(abort|warn)?$', 'u');
  expect(['', 'abort', 'WARN', 'Abort'].map((text) => pattern.test(text))).toEqual([true, true, true, true]);
  expect(['aborted', 'x'].map((text) => pattern.test(text))).toEqual([false, false]);
});

it('a pattern without a flag stays as it is', () => {
  expect(goPattern('^(0|[1-9]+s)$', 'u').source).toBe('^(0|[1-9]+s)$');
});
