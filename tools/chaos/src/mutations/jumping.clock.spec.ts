import { installOffset } from './jumping.clock.ts';

const RealDate = Date;
const realNow = Date.now;
afterEach(() => {
  globalThis.Date = RealDate;
  RealDate.now = realNow;
  RealDate.prototype.constructor = RealDate;
});

test('every way to read the wall clock has the offset, a monotonic clock has not, and dates that are made from a time are right', () => {
  const before = realNow();
  const monotonic = performance.now();
  installOffset()(-3_600_000);
  for (const shown of [Date.now(), new Date().getTime(), Date.parse(Date())]) {
    expect(shown).toBeLessThan(before - 3_590_000);
    expect(shown).toBeGreaterThan(before - 3_601_001);
  }
  expect(performance.now() - monotonic).toBeGreaterThanOrEqual(0);
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(Date.UTC(2026, 0, 1)).toBe(new RealDate('2026-01-01T00:00:00Z').getTime());
  expect(new Date(5)).toBeInstanceOf(Date);
  expect(new RealDate(5)).toBeInstanceOf(Date);
  expect(new Date(5).constructor).toBe(Date);
});

test('the offset can be taken away again', () => {
  const setOffset = installOffset();
  setOffset(3_600_000);
  setOffset(0);
  // The process may stand still between the two.
  expect(Math.abs(Date.now() - realNow())).toBeLessThan(3_600_000 / 2);
});
