import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';

interface ToolSetting {
  variable: string;
  about: string;
  takes: string;
  default: string;
}

const port = (variable: string, what: string, first: number): ToolSetting => ({
  variable,
  about: `The port of the first ${what}; further ones take the next numbers.`,
  takes: 'a whole number from 1 to 65535',
  default: String(first),
});

const STACK: ToolSetting[] = [
  port('API_PORT', 'gateway', 8000),
  port('INGEST_PORT', 'ingest', 8100),
  port('METRICS_PORT', 'metrics worker', 8200),
  port('KAFKA_PORT', 'broker', 9092),
  port('KAFKA_CONTROLLER_PORT', 'Kafka controller', 19092),
  port('MONGO_PORT', 'MongoDB member', 27017),
  {
    variable: 'KAFKA_BOOTSTRAP_SERVERS',
    about: 'Kafka brokers that run already: no broker is started.',
    takes: 'brokers as host:port, joined with commas',
    default: 'none: brokers are started',
  },
  {
    variable: 'MONGO_URI',
    about: 'A MongoDB replica set that runs already: no MongoDB is started.',
    takes: 'a MongoDB connection string',
    default: 'none: MongoDB is started',
  },
  {
    variable: 'KAFKA_TOPIC',
    about: 'The topic that is created where there is none.',
    takes: 'a name that Kafka takes',
    default: DEFAULT_TOPIC,
  },
  {
    variable: 'KAFKA_PARTITIONS',
    about: 'The number of partitions of a topic that is created.',
    takes: 'a whole number from 1 to 9999',
    default: '6',
  },
  {
    variable: 'OPERATOR_TOKEN',
    about: 'The token that every gateway is given.',
    takes: 'a secret of at least 16 letters, digits and - . _ ~ + /',
    default: 'a new one at each start, kept in .wiber/operator.token',
  },
  {
    variable: 'KAFKA_HOME',
    about: 'An unpacked Kafka to use instead of a downloaded one.',
    takes: 'the folder of an unpacked Kafka 4',
    default: 'none: looked for on PATH and in WIBER_CACHE',
  },
  {
    variable: 'MONGOD_BIN',
    about: 'The mongod program to use instead of a downloaded one.',
    takes: 'the path of a mongod program',
    default: 'none: looked for on PATH and in WIBER_CACHE',
  },
  {
    variable: 'WIBER_CACHE',
    about: 'Where downloaded servers are kept.',
    takes: 'a folder',
    default: '~/.cache/wiber',
  },
];

const DLQ: ToolSetting[] = [
  {
    variable: 'API_URL',
    about: 'The gateway that the command calls.',
    takes: 'an address such as http://127.0.0.1:8000',
    default: 'the first gateway in .wiber/run.json',
  },
  {
    variable: 'OPERATOR_TOKEN',
    about: 'The token that the command sends.',
    takes: 'the OPERATOR_TOKEN of the gateway',
    default: 'that of .wiber/operator.token',
  },
];

const RUNNING = 'what npm start runs in this folder';
const AUDIT: ToolSetting[] = [
  {
    variable: 'KAFKA_BOOTSTRAP_SERVERS',
    about: 'The Kafka brokers of the system to look at.',
    takes: 'brokers as host:port, joined with commas',
    default: RUNNING,
  },
  {
    variable: 'MONGO_URI',
    about: 'The MongoDB of the system to look at.',
    takes: 'a MongoDB connection string',
    default: RUNNING,
  },
  ...(
    [
      ['KAFKA_TOPIC', 'topic', DEFAULT_TOPIC],
      ['KAFKA_CONSUMER_GROUP', 'consumer group', DEFAULT_CONSUMER_GROUP],
      ['MONGO_DB', 'database', DEFAULT_DATABASE],
      ['MONGO_COLLECTION', 'collection', DEFAULT_COLLECTION],
    ] as const
  ).map(([variable, what, name]) => ({
    variable,
    about: `The ${what} of the system to look at.`,
    takes: 'a name, as the apps take it',
    default: name,
  })),
];

const TEST_SERVERS = 'none: real servers are started for the run';
const SPECS: ToolSetting[] = [
  {
    variable: 'WIBER_TEST_KAFKA',
    about: 'The Kafka brokers that the specs use.',
    takes: 'brokers as host:port, joined with commas, or `none` for specs without I/O',
    default: TEST_SERVERS,
  },
  {
    variable: 'WIBER_TEST_MONGO_URI',
    about: 'The MongoDB that the specs use.',
    takes: 'a MongoDB connection string, or `none` for specs without I/O',
    default: TEST_SERVERS,
  },
];

/** Variables whose reader is no *.env.ts, by what reads them. */
export const TOOL_SETTINGS: Readonly<Record<string, readonly ToolSetting[]>> = {
  stack: STACK,
  dlq: DLQ,
  'audit, rebuild': AUDIT,
  specs: SPECS,
};
