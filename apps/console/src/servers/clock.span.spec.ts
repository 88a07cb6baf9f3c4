import { describe, expect, it } from '@jest/globals';
import { clockSpan, offsetText, spanOf } from './clock.span.ts';

describe('the offset of a clock', () => {
  it('has its sign and its uncertainty', () => {
    expect(offsetText({ offsetMs: 3.25, uncertaintyMs: 0.5 })).toBe('+3.3 ± 0.5 ms');
    expect(offsetText({ offsetMs: -1200, uncertaintyMs: 2 })).toBe('-1,200 ± 2 ms');
    expect(offsetText({ offsetMs: 0, uncertaintyMs: 2 })).toBe('0 ± 2 ms');
  });

  it('that was seen from one side says so, and its bar has no end', () => {
    expect(offsetText({ offsetMs: 40 })).toBe('+40 ms or more');
    expect(clockSpan({ offsetMs: 0 }, 10)).toEqual({ from: 0.5, to: 1 });
  });

  it('is a bar around the middle, as wide as the uncertainty', () => {
    expect(clockSpan({ offsetMs: 0, uncertaintyMs: 5 }, 10)).toEqual({ from: 0.25, to: 0.75 });
  });

  it('has the scale of the clock that is farthest off', () => {
    const clocks = [{ offsetMs: -80, uncertaintyMs: 20 }, { offsetMs: 1 }];
    expect(spanOf(clocks)).toBe(100);
    expect(spanOf([])).toBe(1);
  });
});
