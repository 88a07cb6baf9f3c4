import { StartError } from './host.errors.ts';

/** One variable of the environment. All of it but `read` is data, from which docs/reference.md is made. */
export interface Setting<T> {
  variable: string;
  /** What the variable sets: one sentence for docs/reference.md. */
  about: string;
  /** The range or form of its values. Completes the sentence "it takes …". */
  takes: string;
  /** The value of a variable that is not set. */
  default: T;
  /** The default in words, where the value alone does not tell what it does. */
  defaultText?: string;
  /** Returns undefined for a text that the setting does not take. */
  read: (text: string) => T | undefined;
}

export type Settings = Record<string, Setting<unknown>>;
export type SettingsOf<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
type Environment = Readonly<Record<string, string | undefined>>;

/** What every builder below needs to know of its variable. */
type Described<T> = Pick<Setting<T>, 'about' | 'default' | 'defaultText'>;

/**
 * Whether the variable says nothing: it is empty, or Kubernetes made it for a service of that name, as in
 * `INGEST_PORT=tcp://10.0.0.1:8100` (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
const isUnset = (variable: string, text: string | undefined): text is '' | undefined =>
  text === undefined || text === '' || (variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text));

/**
 * Reads and checks an app's environment. A variable that is empty, or that Kubernetes made for a service, is not set.
 * @throws StartError with one line that names every wrong variable
 */
export const readSettings = <S extends Settings>(env: Environment, settings: S): SettingsOf<S> => {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const { variable, takes } = setting;
    const text = env[variable];
    const value = isUnset(variable, text) ? setting.default : setting.read(text);
    if (value === undefined) faults.push(`${variable} is '${withoutSecrets(variable, text)}'; it takes ${takes}`);
    values[name] = value;
  }
  if (faults.length > 0) throw new StartError(faults.join('. '));
  return values as SettingsOf<S>;
};

/** The line is kept in logs: it must hold neither a token nor the password of an address. */
const withoutSecrets = (variable: string, text = ''): string => {
  if (variable.endsWith('_TOKEN') || variable.endsWith('_PASSWORD')) return '***';
  if (!/_(?:URI|ENDPOINT)$/.test(variable)) return text;
  // Up to the last @: a password that needs escapes and has none may be why the address is refused.
  return text
    .replace(/\/\/.*@/, '//***@')
    .replace(/([?&][^=&]*(?:password|secret|token|properties)[^=&]*=)[^&]*/gi, '$1***');
};

export const whole = (
  variable: string,
  { from, to, ...described }: Described<number> & { from: number; to: number },
): Setting<number> => ({
  variable,
  takes: `a whole number from ${from} to ${to}`,
  ...described,
  read: (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    return value >= from && value <= to ? value : undefined;
  },
});

export const choice = <T extends string>(
  variable: string,
  { choices, ...described }: Described<T> & { choices: readonly T[] },
): Setting<T> => ({
  variable,
  takes: `one of ${choices.join(', ')}`,
  ...described,
  read: (text) => choices.find((known) => known === text),
});

export const matching = (
  variable: string,
  { pattern, ...described }: Described<string> & { pattern: RegExp; takes: string },
): Setting<string> => ({
  variable,
  ...described,
  read: (text) => (pattern.test(text) ? text : undefined),
});

/** A text that is no secret itself: the name of a user, or the path of a file. */
type Optional = Pick<Setting<string>, 'about'> & { /** What happens without it. */ none: string };
const LENGTH_MAX = 4096;

const optional = (variable: string, { about, none }: Optional, takes: string): Setting<string> => ({
  variable,
  about,
  takes,
  default: '',
  defaultText: none,
  read: (text) => (text.length <= LENGTH_MAX && !/[\0\r\n]/.test(text) ? text : undefined),
});

/** A user or a password. No line has the value of a variable that ends in _PASSWORD. */
export const credential = (variable: string, described: Optional): Setting<string> =>
  optional(variable, described, `1 to ${LENGTH_MAX} characters without a line end`);

export const filePath = (variable: string, described: Optional): Setting<string> =>
  optional(variable, described, 'the path of a file of at most 1 MiB');

const isBroker = (address: string): boolean => {
  const port = Number(/^(?:[\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(address)?.[1]);
  return port >= 1 && port <= 65_535;
};

export const brokers = (variable: string, described: Described<string[]>): Setting<string[]> => ({
  variable,
  takes: 'brokers as host:port, joined with commas',
  ...described,
  read: (text) => {
    const addresses = text.split(',').map((address) => address.trim());
    return addresses.every(isBroker) ? addresses : undefined;
  },
});
