import { durationText } from './duration.text.ts';

describe('a duration', () => {
  it.each([
    [12, '12 ms'],
    [1250, '1.25 s'],
    [300_000, '5 min'],
    [5_400_000, '1.5 h'],
    [36_000_000_000, '10,000 h'],
  ])('%d ms is said as %s', (ms, text) => expect(durationText(ms)).toBe(text));
});
