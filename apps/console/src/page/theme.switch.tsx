import { DesktopIcon, MoonIcon, SunIcon } from '@radix-ui/react-icons';
import { chooseTheme, useTheme } from '../frame/theme.store.ts';
import type { ThemeChoice } from '../frame/theme.choice.ts';

const CHOICES = [
  { choice: 'system', name: 'As the system', Icon: DesktopIcon },
  { choice: 'light', name: 'Light', Icon: SunIcon },
  { choice: 'dark', name: 'Dark', Icon: MoonIcon },
] as const satisfies readonly { choice: ThemeChoice; name: string; Icon: unknown }[];

export function ThemeSwitch() {
  const { choice: chosen } = useTheme();
  return (
    <fieldset className="theme-switch">
      <legend className="unseen">Theme</legend>
      {CHOICES.map(({ choice, name, Icon }) => (
        <label key={choice} title={name}>
          <input
            type="radio"
            name="theme"
            className="unseen"
            checked={chosen === choice}
            onChange={() => chooseTheme(choice)}
          />
          <Icon aria-hidden="true" />
          <span className="unseen">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
