import { clockText, dayAndClockText, dayText, machineTime, preciseClockText } from './time.text.ts';

describe('a time', () => {
  it('has the milliseconds where they matter', () => {
    expect(preciseClockText(1_790_000_000_042)).toMatch(/^\d\d:\d\d:\d\d\.042$/);
    expect(machineTime(1_790_000_000_042)).toBe('2026-09-21T14:13:20.042Z');
  });

  it('that no date has, as another producer may write it, is shown as its number and fails no page', () => {
    for (const text of [clockText, preciseClockText, dayText, dayAndClockText])
      expect(text(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
    expect(machineTime(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });
});
