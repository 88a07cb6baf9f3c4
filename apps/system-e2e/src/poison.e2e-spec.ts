import { randomUUID } from 'node:crypto';
import { deadLetterTopicOf, type Message } from '@wiber/contracts';
import { GroupReader, StoreEditor, StoreReader, readDeadLetters, readTopic } from '@wiber/evidence';
import { AppProcess, TopicAdmin, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { allStored, append, drained, messageOf } from './log.client.ts';

const POISONED = 1;
let env: Record<string, string>;
let group: GroupReader;
let topicAdmin: TopicAdmin;
let store: StoreReader;
let ingest: AppProcess | undefined;

beforeEach(async () => {
  env = await freshSystem();
  group = new GroupReader(env);
  topicAdmin = new TopicAdmin(env);
  store = await StoreReader.openFor(env);
});

afterEach(async () => {
  await ingest?.end('SIGKILL');
  await store.close();
});

const storedOffsets = async (wanted: number): Promise<number[]> =>
  (await allStored(store)).flatMap(({ partition, offset }) => (partition === wanted ? [offset] : []));

const messages = (count: number, from = 0): Message[] =>
  Array.from({ length: count }, (_, index) => messageOf(from + index));
const bytesOf = (message: object): Buffer => Buffer.from(JSON.stringify(message));

/** One record of each kind, with the reason of its dead letter. A validator of the collection refuses the last one. */
const poisonBeside = (known: Message): [reason: string, value: Buffer | null][] => [
  ['unreadable', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ['unreadable', null],
  ['schema', bytesOf({ ...messageOf(0), toUser: 'a:b' })],
  ['too_large', bytesOf(messageOf(0, { content: 'x'.repeat(900_000) }))],
  ['idempotency_conflict', bytesOf({ ...known, content: 'another body' })],
  ['refused_by_store', bytesOf(messageOf(0, { content: 'forbidden' }))],
];

test('poison records of every kind among 10,000 become dead letters with reason, place and value, and every other record is stored', async () => {
  const editor = await StoreEditor.openFor(env);
  await editor.refuseContent('forbidden');
  await editor.close();
  const before = messages(5000);
  const poison = poisonBeside(before[0]!);
  await append(env, before);
  const headers = { 'x-from': 'elsewhere' };
  await appendRaw(
    env,
    poison.map(([, value], index) => ({ key: `key-${index}`, partition: POISONED, value, headers })),
  );
  const after = messages(5000, 5000);
  await append(env, after);
  ingest = await AppProcess.start('ingest', env);
  await drained(group);

  const letters = await readDeadLetters(env);
  expect(letters.map(({ letter }) => letter.reason)).toEqual(poison.map(([reason]) => reason));
  const log = await readTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  for (const [index, { letter, key, value, headers: said }] of letters.entries()) {
    const record = log.find(({ partition, offset }) => partition === letter.partition && offset === letter.offset);
    expect([key, value]).toEqual([Buffer.from(`key-${index}`), poison[index]![1]]);
    expect([key, value]).toEqual([record?.key, record?.value]);
    expect(letter).toMatchObject({ topic: env['KAFKA_TOPIC'], attempts: 1, instance: 'ingest-1' });
    expect(letter.error).not.toBe('');
    expect(said['x-from']).toEqual(Buffer.from('elsewhere'));
  }
  const stored = await allStored(store);
  expect(stored.map(({ messageId }) => messageId).sort()).toEqual(
    [...before, ...after].map(({ messageId }) => messageId).sort(),
  );
  expect(await ingest.metric('wiber_dead_letters_total')).toBe(poison.length);
});

test('an offset is committed only when Kafka has the dead letter: until then its partition waits, the others continue, and nothing is lost', async () => {
  ingest = await AppProcess.start('ingest', env);
  const letters = deadLetterTopicOf(env['KAFKA_TOPIC']!);
  await topicAdmin.setTopic(letters, { 'max.message.bytes': '50' });
  const behind = { key: 'user1:hub', partition: POISONED, value: bytesOf(messageOf(1)) };
  await appendRaw(env, [{ key: 'user1:hub', partition: POISONED, value: Buffer.from('not json') }]);
  await eventually(() => expect(ingest!.output).toContain('Kafka takes no record this large'));
  await appendRaw(env, [behind, { key: 'user2:hub', partition: 2, value: bytesOf(messageOf(2)) }]);
  await eventually(async () => expect((await group.committed())[2]).toBe(1));
  expect((await group.committed())[POISONED]).toBe(-1);
  expect(await storedOffsets(POISONED)).toEqual([]);

  await topicAdmin.setTopic(letters, { 'max.message.bytes': '1100000' });
  await drained(group);
  expect((await readDeadLetters(env)).map(({ letter }) => [letter.partition, letter.offset])).toEqual([[POISONED, 0]]);
  expect(await storedOffsets(POISONED)).toEqual([1]);
});

test('ingest creates a missing dead-letter topic with room for the largest record, and uses an existing one', async () => {
  ingest = await AppProcess.start('ingest', env);
  const large = Buffer.alloc(1_000_000, randomUUID());
  await appendRaw(env, [{ key: null, partition: 0, value: large }]);
  await eventually(async () => expect((await readDeadLetters(env)).map(({ value }) => value)).toEqual([large]));
  await ingest.end();
  ingest = await AppProcess.start('ingest', env);
  await appendRaw(env, [{ key: null, partition: 0, value: null }]);
  await eventually(async () => expect(await readDeadLetters(env)).toHaveLength(2));
});

test('a record in a codec that ingest can not read blocks nothing: the broker stores it uncompressed', async () => {
  ingest = await AppProcess.start('ingest', env);
  const sent = messageOf(1);
  await appendRaw(env, [{ key: 'user1:hub', partition: POISONED, value: bytesOf(sent) }], 'zstd');
  await drained(group);
  expect(await allStored(store)).toEqual([expect.objectContaining(sent)]);
});

test('ingest says at its start which setting of the topic could make a record unreadable', async () => {
  await topicAdmin.setTopic(env['KAFKA_TOPIC']!, { 'compression.type': 'producer' });
  ingest = await AppProcess.start('ingest', env);
  expect(ingest.output).toContain(`set compression.type of ${env['KAFKA_TOPIC']} to uncompressed`);
});
