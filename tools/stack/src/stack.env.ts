import { homedir } from 'node:os';
import { join } from 'node:path';
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

/** An empty text counts as not set, as it does for the apps. */
const text = (setting: Described<string> & { takes: string; pattern?: RegExp }): StackSetting<string> => {
  const { pattern = /^/, ...rest } = setting;
  return {
    ...rest,
    read: (given) => {
      if (given === '') return rest.default;
      return pattern.test(given) ? given : undefined;
    },
  };
};

/** An empty number is refused. */
const whole = ({ from, to, ...rest }: Described<number> & { from: number; to: number }): StackSetting<number> => ({
  ...rest,
  takes: `a whole number from ${from} to ${to}`,
  read: (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : -1;
    return value >= from && value <= to ? value : undefined;
  },
});

const port = (setting: Described<number>): StackSetting<number> => whole({ ...setting, from: 1, to: 65_535 });

const host = (variable: string, app: string): StackSetting<string> =>
  text({
    variable,
    about: `The address on which ${app} listens.`,
    takes: 'the name or address to listen on',
    default: '127.0.0.1',
  });

/** Every variable that the stack reads itself. What it starts inherits the whole environment. */
export const STACK_SETTINGS = {
  kafkaBootstrap: text({
    variable: 'KAFKA_BOOTSTRAP_SERVERS',
    about: 'Kafka brokers that already run. With it, the stack starts no broker.',
    takes: 'brokers as host:port, joined with commas',
    default: '',
    defaultText: 'none: brokers are started',
  }),
  mongoUri: text({
    variable: 'MONGO_URI',
    about: 'A MongoDB replica set that already runs. With it, the stack starts no mongod.',
    takes: 'a MongoDB connection string',
    default: '',
    defaultText: 'none: a replica set is started',
  }),
  kafkaHome: text({
    variable: 'KAFKA_HOME',
    about: 'The folder of an unpacked Kafka 4, used instead of a download.',
    takes: 'a folder that has Kafka 4 in libs',
    default: '',
    defaultText: 'none: PATH and the cache are searched',
  }),
  mongodBin: text({
    variable: 'MONGOD_BIN',
    about: 'A mongod program, used instead of a download.',
    takes: 'a file that runs as mongod',
    default: '',
    defaultText: 'none: PATH and the cache are searched',
  }),
  cache: text({
    variable: 'WIBER_CACHE',
    about: 'The folder where downloaded servers are kept.',
    takes: 'a folder that can be written',
    default: join(homedir(), '.cache', 'wiber'),
  }),
  topic: text({
    variable: 'KAFKA_TOPIC',
    about: 'The topic of messages, which the stack creates when it is missing.',
    takes: 'a topic name',
    default: 'wiber.messages',
  }),
  partitions: whole({
    variable: 'KAFKA_PARTITIONS',
    about: 'The number of partitions of a topic that the stack creates.',
    from: 1,
    to: 9999,
    default: 6,
  }),
  operatorToken: text({
    variable: 'OPERATOR_TOKEN',
    about: 'The token that every gateway gets for operator calls.',
    takes: 'a secret of at least 16 letters, digits and - . _ ~ + /',
    defaultText: 'a new one at each start, kept in .wiber/operator.token',
    // The gateway has the same rule. It is checked here before anything is started.
    pattern: /^[\w.~+/-]{16,}=*$/,
    default: '',
  }),
  mongodCacheGb: {
    variable: 'MONGOD_CACHE_GB',
    about: 'The cache of each mongod that the stack starts, in GB.',
    takes: 'a number from 0.25 to 10000',
    default: 1,
    // The range is that of mongod's --wiredTigerCacheSizeGB.
    read: (given: string) => {
      const value = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : 0;
      return value >= 0.25 && value <= 10_000 ? value : undefined;
    },
  } satisfies StackSetting<number>,
  kafkaPort: port({
    variable: 'KAFKA_PORT',
    about: 'The port of the first broker; the next brokers have the next ports.',
    default: 9092,
  }),
  kafkaControllerPort: port({
    variable: 'KAFKA_CONTROLLER_PORT',
    about: "The port of the first broker's controller; the next controllers have the next ports.",
    default: 19_092,
  }),
  mongoPort: port({
    variable: 'MONGO_PORT',
    about: 'The port of the first mongod; the next members have the next ports.',
    default: 27_017,
  }),
  gatewayPort: port({
    variable: 'API_PORT',
    about: 'The port of the first gateway; the next gateways have the next ports.',
    default: 8000,
  }),
  ingestPort: port({
    variable: 'INGEST_PORT',
    about: 'The port of the first ingest; the next instances have the next ports.',
    default: 8100,
  }),
  metricsPort: port({
    variable: 'METRICS_PORT',
    about: 'The port of the first metrics worker; the next workers have the next ports.',
    default: 8200,
  }),
  drainMs: whole({
    variable: 'DRAIN_MS',
    about: 'How many milliseconds each app that the stack starts goes on serving after SIGTERM.',
    from: 0,
    to: 600_000,
    default: 0,
  }),
  // The apps read these three. The stack checks at these addresses that the ports are free.
  gatewayHost: host('API_HOST', 'gateway'),
  ingestHost: host('INGEST_HOST', 'ingest'),
  metricsHost: host('METRICS_HOST', 'metrics'),
};

/** The error is kept in logs: it must not hold a secret. */
const withoutSecrets = (variable: string, given: string): string => (variable.endsWith('_TOKEN') ? '***' : given);

/**
 * Reads one variable when it is needed: an `--ephemeral` start takes free ports, and a wrong port must not stop it.
 * @throws StackError when the value is not accepted
 */
export const readSetting = <T>(setting: StackSetting<T>, env: Environment = process.env): T => {
  const given = env[setting.variable];
  if (given === undefined) return setting.default;
  const value = setting.read(given);
  if (value !== undefined) return value;
  throw new StackError(
    `${setting.variable} is '${withoutSecrets(setting.variable, given)}'; it takes ${setting.takes}`,
  );
};
