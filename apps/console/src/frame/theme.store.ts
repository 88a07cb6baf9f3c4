import { useSyncExternalStore } from 'react';
import { Store } from '../state/value.store.ts';
import { appearanceOf, keepThemeChoice, readThemeChoice, type Appearance, type ThemeChoice } from './theme.choice.ts';

interface ThemeState {
  choice: ThemeChoice;
  appearance: Appearance;
}

const storage = () => window.localStorage;
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

const stateOf = (choice: ThemeChoice): ThemeState => ({
  choice,
  appearance: appearanceOf(choice, systemDark.matches),
});

const theme = new Store<ThemeState>(stateOf(readThemeChoice(storage)));

const show = ({ appearance }: ThemeState): void => {
  const { classList } = document.documentElement;
  classList.toggle('dark', appearance === 'dark');
  classList.toggle('light', appearance === 'light');
};

show(theme.value);
theme.subscribe(() => show(theme.value));
systemDark.addEventListener('change', () => theme.set(stateOf(theme.value.choice)));

export function chooseTheme(choice: ThemeChoice): void {
  keepThemeChoice(storage, choice);
  theme.set(stateOf(choice));
}

export const useTheme = (): ThemeState => useSyncExternalStore(theme.subscribe, theme.get);
