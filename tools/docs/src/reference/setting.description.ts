import { homedir } from 'node:os';

/** One variable of the environment as docs/reference.md shows it. */
export interface SettingDescription {
  variable: string;
  /** The project or the command that reads it. */
  reader: string;
  default: string;
  takes: string;
  about: string;
}

/** The data of a setting, as a *.env.ts holds it beside its reader. */
interface SettingData {
  variable: string;
  about: string;
  takes: string;
  default: unknown;
  defaultText?: string;
}

const isSettingData = (value: unknown): value is SettingData => {
  const { variable, about, takes, ...rest } = (value ?? {}) as Partial<SettingData>;
  return 'default' in rest && [variable, about, takes].every((text) => typeof text === 'string' && text.length > 0);
};

/** @throws Error when a value is not the data of a setting */
export const describeSettings = (reader: string, settings: object): SettingDescription[] =>
  Object.entries(settings).map(([name, setting]: [string, unknown]) => {
    if (!isSettingData(setting))
      throw new Error(`${reader}: the setting ${name} lacks one of variable, about, takes and default`);
    const { variable, takes, about } = setting;
    // A path in the home folder must be the same on each machine.
    const value = String(setting.default).replace(homedir(), '~');
    return { variable, reader, default: setting.defaultText ?? value, takes, about };
  });
