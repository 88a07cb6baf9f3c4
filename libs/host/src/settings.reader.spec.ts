import { deadLetterTopicOf } from '@wiber/contracts';
import { StartError } from './host.errors.ts';
import { hostSettings } from './host.settings.ts';
import { instanceName } from './instance.name.ts';
import { matching, readSettings } from './settings.reader.ts';

const settings = hostSettings({ app: 'gateway', prefix: 'API', port: 8000 });
const read = (env: Record<string, string | undefined>) => readSettings(env, settings);

test('a variable that is not set or empty has its default', () => {
  const instance = instanceName('gateway');
  expect(read({})).toMatchObject({ port: 8000, instance, brokers: ['127.0.0.1:9092'], logLevel: 'info' });
  expect(read({ API_PORT: '', KAFKA_BOOTSTRAP_SERVERS: '' })).toEqual(read({}));
});

test.each<[string, string]>([
  ['API_PORT', 'abc'],
  ['API_PORT', '-1'],
  ['API_PORT', '65536'],
  ['API_PORT', '80.5'],
  ['API_PORT', ' 80'],
  ['API_HOST', 'http://localhost'],
  ['LOG_LEVEL', 'loud'],
  ['INSTANCE', 'a b'],
  ['KAFKA_BOOTSTRAP_SERVERS', 'localhost'],
  ['KAFKA_BOOTSTRAP_SERVERS', 'localhost:9092,'],
  ['KAFKA_BOOTSTRAP_SERVERS', 'localhost:99999'],
  ['KAFKA_TOPIC', 'wiber messages'],
  ['KAFKA_TOPIC', '..'],
  ['KAFKA_TOPIC', 'a'.repeat(246)],
  ['API_PORT', 'http://10.0.0.1:8000'],
  ['API_HOST', 'tcp://10.0.0.1:8000'],
  ['MONGO_URI', 'localhost:27017'],
  ['MONGO_WRITE_CONCERN', '0'],
  ['MONGO_READ_CONCERN', 'linearizable'],
  ['MONGO_READ_PREFERENCE', 'anywhere'],
  ['MONGO_SHARD_KEY', 'messageId'],
  ['MONGO_DB', 'a.b'],
  ['MONGO_COLLECTION', 'system.users'],
])('%s=%s stops the start with one line that names the variable and what it takes', (variable, value) => {
  const wrong = () => read({ [variable]: value });
  expect(wrong).toThrow(StartError);
  expect(wrong).toThrow(new RegExp(`^${variable} is '.*'; it takes .+$`));
});

test.each(['__consumer_offsets', '__transaction_state', '__a', 'wiber.messages.dlq', '.dlq'])(
  'messages are not put into %s: topics of Kafka and those of dead letters stop the start with one line',
  (topic) => {
    const wrong = () => read({ KAFKA_TOPIC: topic });
    expect(wrong).toThrow(StartError);
    expect(wrong).toThrow(/^KAFKA_TOPIC is '.*'; it takes .*not starting with __ .*not ending with \.dlq /);
  },
);

test.each(['_chat', 'chat.dlq2', 'chat-dlq', 'dlq', 'a__b'])('%s is a topic for messages', (topic) => {
  expect(read({ KAFKA_TOPIC: topic }).topic).toBe(topic);
});

test('one line names every wrong variable', () => {
  expect(() => read({ API_PORT: 'abc', LOG_LEVEL: 'loud' })).toThrow(/API_PORT.*LOG_LEVEL/);
});

test('the password of an address is not printed', () => {
  expect(() => read({ MONGO_URI: 'mongo://root:secret@db' })).toThrow(
    /^(?!.*secret).*MONGO_URI is 'mongo:\/\/\*\*\*@db'/,
  );
});

test.each([
  'mongodb://root:se/cret@db/a',
  'mongodb://root:se@cret@db',
  'mongodb://root:se?cret@db',
  'mongo://root:se/cr:et@db',
])('an address whose password lacks its escapes stops the start, and no part of the password is printed: %s', (uri) => {
  expect(() => read({ MONGO_URI: uri })).toThrow(/^(?!.*(se|cret).*; it takes).*MONGO_URI is '.*'; it takes/);
});

test.each([
  'mongodb://root:p%40ss@a:1,b:2/admin?replicaSet=x&appName=a@b',
  'mongodb+srv://user@db.example/',
  'mongodb://[::1]:27017/?replicaSet=wiber',
  'mongodb://%2Ftmp%2Fmongodb.sock',
])('the address %s is taken', (uri) => {
  expect(read({ MONGO_URI: uri }).mongoUri).toBe(uri);
});

test('a port that Kubernetes made for a service of that name counts as not set', () => {
  for (const scheme of ['tcp', 'udp', 'sctp'])
    expect(read({ API_PORT: `${scheme}://10.0.0.1:8000` })).toEqual(read({}));
});

test('the name of a topic leaves room for that of its dead-letter topic', () => {
  const { topic } = read({ KAFKA_TOPIC: 'a'.repeat(245) });
  expect(deadLetterTopicOf(topic)).toHaveLength(249);
});

test('a wrong token is not printed', () => {
  const token = matching('OPERATOR_TOKEN', { pattern: /^.{16}$/, takes: 'a secret', about: 'A token.', default: '' });
  const wrong = () => readSettings({ OPERATOR_TOKEN: 'hunter2' }, { token });
  expect(wrong).toThrow("OPERATOR_TOKEN is '***'; it takes a secret");
});

test.each<[string, string, string[]]>([
  ['several', 'kafka:9092, kafka-2:9092', ['kafka:9092', 'kafka-2:9092']],
  ['an IPv6 address', '[::1]:9092', ['[::1]:9092']],
])('%s brokers are taken', (_, text, brokers) => {
  expect(read({ KAFKA_BOOTSTRAP_SERVERS: text }).brokers).toEqual(brokers);
});
