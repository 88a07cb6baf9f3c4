import { StartError } from './host.errors.ts';

/** How one variable is read. `read` gives undefined for what it does not take. */
export interface Setting<T> {
  variable: string;
  takes: string;
  otherwise: T;
  read: (text: string) => T | undefined;
}

type Shape = Record<string, Setting<unknown>>;
export type SettingsOf<S extends Shape> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks an app's environment. An empty variable counts as one that is not set.
 * @throws StartError one line for all that is wrong
 */
export const readSettings = <S extends Shape>(env: Environment, shape: S): SettingsOf<S> => {
  const wrong: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, { variable, takes, otherwise, read }] of Object.entries(shape)) {
    const text = env[variable];
    const value = text === undefined || text === '' ? otherwise : read(text);
    if (value === undefined) wrong.push(`${variable} is '${shown(variable, text)}'; it takes ${takes}`);
    settings[name] = value;
  }
  if (wrong.length > 0) throw new StartError(wrong.join('. '));
  return settings as SettingsOf<S>;
};

/** A token is a secret and an address may hold a password, and what is printed is kept in logs. */
const shown = (variable: string, text = ''): string => {
  if (variable.endsWith('_TOKEN')) return '***';
  return variable.endsWith('_URI') ? text.replace(/\/\/[^@/]*@/, '//***@') : text;
};

export const whole = (
  variable: string,
  { from, to, otherwise }: { from: number; to: number; otherwise: number },
): Setting<number> => ({
  variable,
  takes: `a whole number from ${from} to ${to}`,
  otherwise,
  read: (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    return value >= from && value <= to ? value : undefined;
  },
});

export const choice = <T extends string>(variable: string, choices: readonly T[], otherwise: T): Setting<T> => ({
  variable,
  takes: `one of ${choices.join(', ')}`,
  otherwise,
  read: (text) => choices.find((known) => known === text),
});

export const matching = (
  variable: string,
  { pattern, takes, otherwise }: { pattern: RegExp; takes: string; otherwise: string },
): Setting<string> => ({
  variable,
  takes,
  otherwise,
  read: (text) => (pattern.test(text) ? text : undefined),
});

const isBroker = (address: string): boolean => {
  const port = Number(/^(?:[\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(address)?.[1]);
  return port >= 1 && port <= 65_535;
};

export const brokers = (variable: string, otherwise: string): Setting<string[]> => ({
  variable,
  takes: 'brokers as host:port, joined with commas',
  otherwise: [otherwise],
  read: (text) => {
    const addresses = text.split(',').map((address) => address.trim());
    return addresses.every(isBroker) ? addresses : undefined;
  },
});
