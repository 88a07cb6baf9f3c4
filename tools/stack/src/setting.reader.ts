import { printableUri } from './printable.uri.ts';
import { StackError } from './stack.errors.ts';

/**
 * How one variable is read. The form is that of `Setting` in libs/host, so that one program can list both. It is written
 * down again because the stack runs before any lib is built.
 */
export interface StackSetting<T> {
  variable: string;
  /** One sentence: what the variable sets. */
  about: string;
  /** The values that are accepted. */
  takes: string;
  /** The value of a variable that is not set. */
  default: T;
  /** The default in words, when the value alone does not say what happens. */
  defaultText?: string;
  /** Undefined for a value that is not accepted. */
  read: (text: string) => T | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Described<T> = Pick<StackSetting<T>, 'variable' | 'about' | 'default' | 'defaultText'>;

export const text = (setting: Described<string> & { takes: string; pattern?: RegExp }): StackSetting<string> => {
  const { pattern = /^/, ...rest } = setting;
  return { ...rest, read: (given) => (pattern.test(given) ? given : undefined) };
};

export const whole = ({
  from,
  to,
  ...rest
}: Described<number> & { from: number; to: number }): StackSetting<number> => ({
  ...rest,
  takes: `a whole number from ${from} to ${to}`,
  read: (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : -1;
    return value >= from && value <= to ? value : undefined;
  },
});

export const port = (setting: Described<number>): StackSetting<number> => whole({ ...setting, from: 1, to: 65_535 });

export const host = (variable: string, app: string): StackSetting<string> =>
  text({
    variable,
    about: `The address on which ${app} listens.`,
    takes: 'the name or address to listen on',
    pattern: /^[\w.:-]+$/,
    default: '127.0.0.1',
  });

/** A line that a person or a log sees holds no secret. A password without its escapes may be why an address is refused. */
const withoutSecrets = (variable: string, given: string): string =>
  /_(?:TOKEN|PASSWORD)$/.test(variable) ? '***' : printableUri(given.replace(/\/\/.*@/, '//***@'));

/**
 * Whether the variable says nothing: it is empty, or Kubernetes made it for a service of that name, as in
 * `KAFKA_PORT=tcp://10.0.0.1:9092` (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
const isUnset = (variable: string, given: string | undefined): given is '' | undefined =>
  given === undefined || given === '' || (variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(given));

/** Whether the environment sets the variable, also to its default. */
export const isGiven = ({ variable }: StackSetting<unknown>, env: Environment = process.env): boolean =>
  !isUnset(variable, env[variable]);

/**
 * Reads one variable when it is needed: an `--ephemeral` start takes free ports, and a wrong port must not stop it.
 * @throws StackError when the value is not accepted
 */
export const readSetting = <T>(setting: StackSetting<T>, env: Environment = process.env): T => {
  const given = env[setting.variable];
  if (isUnset(setting.variable, given)) return setting.default;
  const value = setting.read(given);
  if (value !== undefined) return value;
  throw new StackError(
    `${setting.variable} is '${withoutSecrets(setting.variable, given)}'; it takes ${setting.takes}`,
  );
};
