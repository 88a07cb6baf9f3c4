import { deadLetterHeaders, deadLetterTopicOf, type DeadLetter } from '@wiber/contracts';
import { appendRaw, createTopic, freshSystem } from '@wiber/harness';
import { withLogReader } from '../log/topic.records.ts';
import { readDeadLetters, streamDeadLetters } from './dead-letter.reader.ts';

let env: Record<string, string>;
let topic: string;

beforeEach(async () => {
  env = await freshSystem(undefined, 2);
  topic = env['KAFKA_TOPIC']!;
});

const brokers = (): string[] => env['KAFKA_BOOTSTRAP_SERVERS']!.split(',');
const letterOf = (partition: number, offset: number): DeadLetter => ({
  topic,
  partition,
  offset,
  reason: 'schema',
  error: 'not an object',
  attempts: 1,
  time: 1,
  instance: 'spec',
});

const append = async (headers: Record<string, string | Buffer>[]): Promise<void> => {
  const deadLetterTopic = deadLetterTopicOf(topic);
  await createTopic(brokers(), { topic: deadLetterTopic, partitions: 2 });
  const records = headers.map((given, index) => ({
    key: `key ${index}`,
    partition: index % 2,
    value: Buffer.from(`value ${index}`),
    headers: given,
  }));
  await appendRaw({ ...env, KAFKA_TOPIC: deadLetterTopic }, records);
};

test('without a dead-letter topic there is no dead letter', async () => {
  expect(await readDeadLetters(env)).toEqual([]);
});

test('dead letters are returned by the place of their record, with its key and value', async () => {
  await append([letterOf(1, 7), letterOf(0, 9), letterOf(0, 3)].map(deadLetterHeaders));
  const letters = await readDeadLetters(env);
  expect(letters.map(({ letter }) => [letter.partition, letter.offset])).toEqual([
    [0, 3],
    [0, 9],
    [1, 7],
  ]);
  expect(letters.map(({ key, value }) => `${key}: ${value}`)).toEqual([
    'key 2: value 2',
    'key 1: value 1',
    'key 0: value 0',
  ]);
});

test('a record without the headers of a dead letter is passed on without a letter, and refused in an array', async () => {
  await append([deadLetterHeaders(letterOf(1, 7)), {}]);
  const found: (number | undefined)[] = [];
  const totals = await withLogReader(brokers(), (log) =>
    streamDeadLetters(log, topic, ({ records }) => void found.push(...records.map(({ letter }) => letter?.offset))),
  );
  expect(totals).toEqual({ read: 2, lost: 0 });
  expect(found.toSorted()).toEqual([7, undefined]);
  await expect(readDeadLetters(env)).rejects.toThrow('the record at 1/0 is not a dead letter');
});
