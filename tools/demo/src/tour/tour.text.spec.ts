import { sinceText, wrap } from './tour.text.ts';

test('a paragraph is broken between words, and an address that is longer than a line stays whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('see http://127.0.0.1:8000/console now', 10)).toEqual(['see', 'http://127.0.0.1:8000/console', 'now']);
  expect(wrap('')).toEqual(['']);
});

test('what never came is said', () => {
  expect(sinceText(1000, 3500)).toBe('2.5 s');
  expect(sinceText(1000, undefined)).toBe('no time that the demo waited for');
});
