import { exitCodeOf } from './exit.code.ts';

test('the exit code is 0 only when every demonstration held', () => {
  expect(exitCodeOf(['held', 'held'])).toBe(0);
  expect(exitCodeOf(['held', 'not held', 'not shown'])).toBe(1);
  expect(exitCodeOf(['held', 'not shown'])).toBe(2);
  expect(exitCodeOf([])).toBe(2);
});
