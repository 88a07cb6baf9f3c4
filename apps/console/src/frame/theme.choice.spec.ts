import { describe, expect, it } from '@jest/globals';
import { appearanceOf, keepThemeChoice, readThemeChoice } from './theme.choice.ts';

const keeperOf = (entries: [string, string][] = []) => {
  const kept = new Map(entries);
  return () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
};
const forbidden = () => {
  throw new DOMException('denied', 'SecurityError');
};

describe('the choice of a theme', () => {
  it('is kept', () => {
    const keeper = keeperOf();
    keepThemeChoice(keeper, 'dark');
    expect(readThemeChoice(keeper)).toBe('dark');
  });

  it('is that of the system when nothing, or nothing known, is kept', () => {
    expect(readThemeChoice(keeperOf())).toBe('system');
    expect(readThemeChoice(keeperOf([['wiber.theme', 'pink']]))).toBe('system');
  });

  it('works where the browser forbids storage', () => {
    expect(readThemeChoice(forbidden)).toBe('system');
    expect(() => keepThemeChoice(forbidden, 'light')).not.toThrow();
  });

  it('follows the system only when the person chose so', () => {
    expect(appearanceOf('system', true)).toBe('dark');
    expect(appearanceOf('system', false)).toBe('light');
    expect(appearanceOf('light', true)).toBe('light');
  });
});
