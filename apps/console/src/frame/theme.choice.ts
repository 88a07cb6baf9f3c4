/** What the person chose; `system` follows the operating system. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];
export type Appearance = 'light' | 'dark';

const KEY = 'wiber.theme';

interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Storage throws where the browser forbids it; the choice then lasts as long as the page. */
export function readThemeChoice(keeper: () => Keeper): ThemeChoice {
  try {
    const kept = keeper().getItem(KEY);
    return THEME_CHOICES.find((choice) => choice === kept) ?? 'system';
  } catch {
    return 'system';
  }
}

export function keepThemeChoice(keeper: () => Keeper, choice: ThemeChoice): void {
  try {
    keeper().setItem(KEY, choice);
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}

export const appearanceOf = (choice: ThemeChoice, systemIsDark: boolean): Appearance => {
  if (choice === 'system') return systemIsDark ? 'dark' : 'light';
  return choice;
};
