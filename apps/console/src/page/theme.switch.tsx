import { DesktopIcon, MoonIcon, SunIcon } from '@radix-ui/react-icons';
import { Choice } from '../frame/choice.tsx';
import { chooseTheme, useTheme } from '../frame/theme.store.ts';
import type { ThemeChoice } from '../frame/theme.choice.ts';

const THEMES = [
  { value: 'system', title: 'As the system', Icon: DesktopIcon },
  { value: 'light', title: 'Light', Icon: SunIcon },
  { value: 'dark', title: 'Dark', Icon: MoonIcon },
] as const satisfies readonly { value: ThemeChoice; title: string; Icon: unknown }[];

const OPTIONS = THEMES.map(({ value, title, Icon }) => {
  const label = (
    <>
      <Icon aria-hidden="true" />
      <span className="unseen">{title}</span>
    </>
  );
  return { value, title, label };
});

export function ThemeSwitch() {
  const { choice } = useTheme();
  return (
    <Choice
      className="theme-switch"
      legend="Theme"
      name="theme"
      options={OPTIONS}
      chosen={choice}
      onChoose={chooseTheme}
    />
  );
}
