import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';

interface ToolSetting {
  variable: string;
  about: string;
  takes: string;
  default: string;
}

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
    takes: 'a name, as the apps take it; of what runs here, no other than its own',
    default: `of what npm start runs in this folder, else ${name}`,
  })),
  {
    variable: 'MONGO_SHARD_KEY',
    about: 'By what the collection that a rebuild fills is sharded.',
    takes: '`none` or `conversationId`, as the apps',
    default: 'none',
  },
  ...['KAFKA_SSL', 'KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE', 'KAFKA_SASL_MECHANISM']
    .concat(['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE', 'KAFKA_SASL_PASSWORD', 'MONGO_TLS_CA_FILE'])
    .concat(['MONGO_TLS_CERT_KEY_FILE', 'MONGO_USERNAME', 'MONGO_PASSWORD_FILE', 'MONGO_PASSWORD'])
    .map((variable) => ({
      variable,
      about: 'How to log in at the system to look at.',
      takes: 'what the apps take',
      default: RUNNING,
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
  {
    variable: 'WIBER_TEST_LANE',
    about: 'Leaves out the specs of the other lane. npm test runs both at once.',
    takes: '`servers`, or `beside`: specs without I/O, and those of bench, boundaries, capacity and stack',
    default: 'none: all specs',
  },
  {
    variable: 'WIBER_TEST_SCHEDULES',
    about: 'How many random schedules the model test of the lease runs.',
    takes: 'a whole number from 100 to 9999999',
    default: '200',
  },
];

const BROWSER: ToolSetting[] = [
  {
    variable: 'CHROMIUM_BIN',
    about: 'The Chromium or Chrome that opens pages for specs and screenshots.',
    takes: 'the path or the name of a program',
    default: 'chromium, chromium-browser or google-chrome on PATH',
  },
];

/** Variables whose reader is no *.env.ts, by what reads them. */
export const TOOL_SETTINGS: Readonly<Record<string, readonly ToolSetting[]>> = {
  dlq: DLQ,
  'audit, rebuild': AUDIT,
  specs: SPECS,
  'specs, screenshots': BROWSER,
};
