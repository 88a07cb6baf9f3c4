import { homedir } from 'node:os';
import { printableUri } from './printable.uri.ts';
import { STACK_SETTINGS, readSetting, type StackSetting } from './stack.env.ts';
import { StackError } from './stack.errors.ts';

const { cache, kafkaBootstrap, kafkaPort, mongodCacheGb, mongoUri, operatorToken, partitions, topic } = STACK_SETTINGS;
const settings: StackSetting<unknown>[] = Object.values(STACK_SETTINGS);

test.each(['abc', '0', '-3', '6.5'])("KAFKA_PARTITIONS='%s' is refused in one line", (text) => {
  expect(() => readSetting(partitions, { KAFKA_PARTITIONS: text })).toThrow(StackError);
  expect(() => readSetting(partitions, { KAFKA_PARTITIONS: text })).toThrow(
    `KAFKA_PARTITIONS is '${text}'; it takes a whole number from 1 to 4000`,
  );
});

test('a topic gets six partitions when no number is set', () => {
  expect(readSetting(partitions, {})).toBe(6);
  expect(readSetting(partitions, { KAFKA_PARTITIONS: '12' })).toBe(12);
});

test.each(['0', '65536', '80.5', 'http', 'http://10.0.0.1:9092'])(
  "KAFKA_PORT='%s' is refused in one line that names the variable",
  (text) => {
    expect(() => readSetting(kafkaPort, { KAFKA_PORT: text })).toThrow(/^KAFKA_PORT is '.*'; it takes a whole number/);
  },
);

test.each(['0.2', '10001', '1e3', 'big'])("MONGOD_CACHE_GB='%s' is refused in one line", (text) => {
  expect(() => readSetting(mongodCacheGb, { MONGOD_CACHE_GB: text })).toThrow('it takes a number from 0.25 to 10000');
});

test('a part of a GB is accepted for the cache', () => {
  expect(readSetting(mongodCacheGb, { MONGOD_CACHE_GB: '0.25' })).toBe(0.25);
});

test('an empty text counts as not set', () => {
  expect(readSetting(cache, { WIBER_CACHE: '' })).toBe(`${homedir()}/.cache/wiber`);
  expect(readSetting(operatorToken, { OPERATOR_TOKEN: '' })).toBe('');
});

test.each(settings.map((setting) => [setting.variable, setting] as const))(
  'an empty %s counts as not set, as it does for the apps',
  (variable, setting) => {
    expect(readSetting(setting, { [variable]: '' })).toBe(readSetting(setting, {}));
  },
);

const ports = settings.filter(({ variable }) => variable.endsWith('_PORT'));
test.each(ports.map((setting) => [setting.variable, setting] as const))(
  'a %s that Kubernetes made for a service of that name counts as not set',
  (variable, setting) => {
    expect(readSetting(setting, { [variable]: 'tcp://10.0.0.1:9092' })).toBe(setting.default);
  },
);

test('a topic has room for the name of its dead-letter topic', () => {
  expect(readSetting(topic, { KAFKA_TOPIC: 'a'.repeat(245) })).toHaveLength(245);
  for (const name of ['a'.repeat(246), '..', 'two words'])
    expect(() => readSetting(topic, { KAFKA_TOPIC: name })).toThrow('it takes 1 to 245 letters');
});

test.each(['__consumer_offsets', '__transaction_state', '__a', 'wiber.messages.dlq', '.dlq'])(
  'messages are not put into %s: topics of Kafka and those of dead letters are refused',
  (name) => {
    expect(() => readSetting(topic, { KAFKA_TOPIC: name })).toThrow(StackError);
    expect(() => readSetting(topic, { KAFKA_TOPIC: name })).toThrow(
      `KAFKA_TOPIC is '${name}'; it takes 1 to 245 letters, digits and . _ -, not . or .., not starting with __`,
    );
  },
);

test.each<[string, string]>([
  ['localhost', ''],
  ['a:9092,', ''],
  ['a:9092,localhost:99999', ''],
  ['localhost:0', ''],
  ['a:9092, [::1]:9093', 'a:9092,[::1]:9093'],
])("KAFKA_BOOTSTRAP_SERVERS='%s' is read as '%s', or refused at once when that is empty", (given, expected) => {
  const read = () => readSetting(kafkaBootstrap, { KAFKA_BOOTSTRAP_SERVERS: given });
  if (expected) expect(read()).toBe(expected);
  else expect(read).toThrow('it takes brokers as host:port, joined with commas');
});

test('a wrong address is refused in a line that does not show its password', () => {
  const read = () => readSetting(mongoUri, { MONGO_URI: 'mongo://root:pass/w@rd@db' });
  expect(read).toThrow("MONGO_URI is 'mongo://***@db'; it takes a MongoDB connection string");
});

test.each([
  ['mongodb://root:pass@db:27017/?replicaSet=a', 'mongodb://***@db:27017/?replicaSet=a'],
  ['mongodb://root:p/a@ss@db/?replicaSet=a', 'mongodb://***@db/?replicaSet=a'],
  [
    'mongodb://db/?tlsCertificateKeyFilePassword=x&appName=a@b',
    'mongodb://db/?tlsCertificateKeyFilePassword=***&appName=a@b',
  ],
  ['mongodb://db/?authMechanismProperties=AWS_SESSION_TOKEN:x', 'mongodb://db/?authMechanismProperties=***'],
  ['mongodb://127.0.0.1:27017/?replicaSet=wiber', 'mongodb://127.0.0.1:27017/?replicaSet=wiber'],
])('%s is printed without its secrets', (uri, printed) => {
  expect(printableUri(uri)).toBe(printed);
});

test('every variable is described once, and its default is a value that it accepts', () => {
  expect(new Set(settings.map(({ variable }) => variable)).size).toBe(settings.length);
  for (const { variable, about, takes, read, default: value } of settings) {
    expect(variable).toMatch(/^[A-Z][A-Z_]+$/);
    expect(about).toMatch(/^[A-Z].*\.$/);
    expect(takes).not.toBe('');
    // An empty default means: not set.
    if (value !== '') expect(read(String(value))).toBe(value);
  }
});
