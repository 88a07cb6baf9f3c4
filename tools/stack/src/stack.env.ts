import { defaultCache } from './cache.folder.ts';
import { KAFKA_LOGIN_SETTINGS } from './kafka.login.settings.ts';
import { host, port, text, whole, type StackSetting } from './setting.reader.ts';

export { isGiven, readSetting, type StackSetting } from './setting.reader.ts';

const BROKER = /^(?:[\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i;
const PORT_MAX = 65_535;

const isBroker = (address: string): boolean => {
  const port = Number(BROKER.exec(address)?.[1]);
  return port >= 1 && port <= PORT_MAX;
};

const MONGO_HOST = String.raw`(?:\[[\da-fA-F:.]+\]|[^\s/?#@:,]+)(?::\d{1,5})?`;
const MONGO_USER = String.raw`[^\s/?#@:]+(?::[^\s/?#@:]*)?@`;
const MONGO_URI = new RegExp(
  String.raw`^mongodb(?:\+srv)?://(?:${MONGO_USER})?${MONGO_HOST}(?:,${MONGO_HOST})*(?:/[^\s/?#@]*)?(?:\?[^\s=&]+=\S*)?$`,
);

/** Every variable that the stack reads itself. What it starts inherits the whole environment. */
export const STACK_SETTINGS = {
  kafkaBootstrap: {
    variable: 'KAFKA_BOOTSTRAP_SERVERS',
    about: 'Kafka brokers that already run. With it, the stack starts no broker.',
    takes: 'brokers as host:port, joined with commas',
    default: '',
    defaultText: 'none: brokers are started',
    read: (given: string) => {
      const addresses = given.split(',').map((address) => address.trim());
      return addresses.every(isBroker) ? addresses.join(',') : undefined;
    },
  } satisfies StackSetting<string>,
  ...KAFKA_LOGIN_SETTINGS,
  mongoUri: text({
    variable: 'MONGO_URI',
    about: 'A MongoDB replica set that already runs. With it, the stack starts no mongod.',
    takes: 'a MongoDB connection string',
    // The apps have the same rule, so that no part of a password is taken for a host.
    pattern: MONGO_URI,
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
  javaHome: text({
    variable: 'JAVA_HOME',
    about: 'The folder of the Java that runs Kafka, and Maven for its download.',
    takes: 'a folder that has Java 17 or newer in bin',
    default: '',
    defaultText: 'none: the java on PATH',
  }),
  mongodBin: text({
    variable: 'MONGOD_BIN',
    about: 'A mongod program, used instead of a download.',
    takes: 'a file that runs as mongod',
    default: '',
    defaultText: 'none: PATH and the cache are searched',
  }),
  faketime: text({
    variable: 'FAKETIME_LIB',
    about: 'The file libfaketime.so.1, with which the stack gives processes a wrong clock for a test.',
    takes: 'a file',
    default: '',
    defaultText: 'none: /usr/lib is searched',
  }),
  cache: text({
    variable: 'WIBER_CACHE',
    about: 'The folder where downloaded servers are kept.',
    takes: 'a folder that can be written',
    default: defaultCache(),
    defaultText: '~/.cache/wiber, or .wiber/cache when the home folder cannot be written',
  }),
  topic: text({
    variable: 'KAFKA_TOPIC',
    about: 'The topic of messages, which the stack creates when it is missing.',
    takes:
      '1 to 245 letters, digits and . _ -, not . or .., not starting with __ as topics of Kafka do, not ending with .dlq as topics of dead letters do',
    // The apps have the same rule: Kafka allows 249, and the topic of dead letters ends in .dlq.
    pattern: /^(?!\.{1,2}$)(?!__)(?!.*\.dlq$)[a-zA-Z0-9._-]{1,245}$/,
    default: 'wiber.messages',
  }),
  // The apps read these three and have rules for them. The stack writes them into run.json, where audit and rebuild read them.
  consumerGroup: text({
    variable: 'KAFKA_CONSUMER_GROUP',
    about: 'The consumer group of ingest, as run.json names it.',
    takes: 'a name, as the apps take it',
    default: 'wiber-consumers',
  }),
  database: text({
    variable: 'MONGO_DB',
    about: 'The database of the apps, as run.json names it.',
    takes: 'a name, as the apps take it',
    default: 'wiber',
  }),
  collection: text({
    variable: 'MONGO_COLLECTION',
    about: 'The collection of the messages, as run.json names it.',
    takes: 'a name, as the apps take it',
    default: 'messages',
  }),
  kafkaJit: text({
    variable: 'KAFKA_JIT',
    about:
      'How Java compiles a broker. With `quick`, as the specs have it, a start takes half the processor time and a warm broker is slower.',
    takes: '`full` or `quick`',
    pattern: /^(?:full|quick)$/,
    default: 'full',
  }),
  partitions: whole({
    variable: 'KAFKA_PARTITIONS',
    about: 'The number of partitions of a topic that the stack creates.',
    from: 1,
    // PARTITIONS_MAX of libs/contracts, which the stack does not import: no gateway sends to more.
    to: 4000,
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
  stopMs: whole({
    variable: 'STOP_MS',
    about: 'How many milliseconds work in hand may take after the drain; the stack kills an app that takes longer.',
    from: 1000,
    to: 600_000,
    default: 5000,
  }),
  // The apps read these three. The stack checks at these addresses that the ports are free.
  gatewayHost: host('API_HOST', 'gateway'),
  ingestHost: host('INGEST_HOST', 'ingest'),
  metricsHost: host('METRICS_HOST', 'metrics'),
};
