import { describe, expect, it } from '@jest/globals';
import { bytesText, countText, durationText, latencyText, rateText } from './number.text.ts';

describe('a number for people', () => {
  it.each([
    [countText(1_234_567), '1,234,567'],
    [rateText(0), '0'],
    [rateText(0.25), '0.3'],
    [rateText(9.96), '10'],
    [rateText(1234.5), '1,235'],
    [bytesText(0), '0 B'],
    [bytesText(1023), '1,023 B'],
    [bytesText(1024), '1 KiB'],
    [bytesText(1024 ** 2 * 1.5), '1.5 MiB'],
    [bytesText(1024 ** 7), '1,048,576 PiB'],
    [latencyText(12.4), '12 ms'],
    [latencyText(1500), '1.5 s'],
    [durationText(-5), '0 s'],
    [durationText(59_999), '59 s'],
    [durationText(61_000), '1 min 1 s'],
    [durationText(3_660_000), '1 h 1 min'],
    [durationText(90_000_000), '1 d 1 h'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it('that is not known is a dash, never 0', () => {
    const texts = [countText, rateText, bytesText, latencyText, durationText].map((text) => text(undefined));
    expect(texts).toEqual(['–', '–', '–', '–', '–']);
  });
});
