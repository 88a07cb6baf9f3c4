import { assert, double, property } from 'fast-check';
import { toTimestamp, toUnixMs } from './ntp.timestamp.ts';

const at = (text: string): number => Date.parse(text);
/** A microsecond: how exact a double of milliseconds is in this century. */
const EXACT_MS = 0.001;

test('the first second of 1970 and of an example are those of RFC 5905', () => {
  expect(toUnixMs({ seconds: 2_208_988_800, fraction: 0 }, 0)).toBe(0);
  // RFC 5905, figure 4: the first day of this century.
  expect(toUnixMs({ seconds: 3_155_673_600, fraction: 2 ** 31 }, at('2026-01-01'))).toBe(at('2000-01-01') + 500);
});

test('a time after 7 February 2036, when the seconds begin anew, is taken for what it is', () => {
  const lastSecond = at('2036-02-07T06:28:15Z');
  expect(toTimestamp(lastSecond)).toEqual({ seconds: 2 ** 32 - 1, fraction: 0 });
  expect(toTimestamp(lastSecond + 1000)).toEqual({ seconds: 0, fraction: 0 });
  expect(toUnixMs({ seconds: 0, fraction: 1 }, lastSecond)).toBeCloseTo(lastSecond + 1000, 3);
  expect(toUnixMs({ seconds: 2 ** 32 - 1, fraction: 0 }, lastSecond + 5000)).toBe(lastSecond);
  expect(toUnixMs(toTimestamp(at('2090-06-01')), at('2089-01-01'))).toBe(at('2090-06-01'));
});

test('a time comes back as it was, with this clock up to 67 years off', () => {
  const years = 67 * 365.25 * 86_400_000;
  assert(
    property(
      double({ min: at('1971-01-01'), max: at('2300-01-01'), noNaN: true }),
      double({ min: -years, max: years, noNaN: true }),
      (unixMs, off) => Math.abs(toUnixMs(toTimestamp(unixMs), unixMs + off) - unixMs) < EXACT_MS * 2,
    ),
  );
});
