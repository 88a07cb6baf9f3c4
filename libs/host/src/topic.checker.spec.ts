import { StartError } from './host.errors.ts';
import { checkDeadLetterTopic, checkTopic } from './topic.checker.ts';

const SAFE = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'min.insync.replicas': '2',
  'max.message.bytes': '1048588',
};

/** Checks a topic with these settings changed. */
const checking = (
  changed: Record<string, string>,
  settingsOf = async (_: string) => new Map(Object.entries({ ...SAFE, ...changed })),
  { check = checkTopic, replicas = 3 }: { check?: typeof checkTopic; replicas?: number } = {},
) => {
  const seen = { lines: [] as string[], shown: [] as string[] };
  const note = (_: object, line: string) => void seen.lines.push(line);
  let isStopping = false;
  const done = check({
    probe: { settingsOf, replicasOf: async () => replicas, brokerCount: async () => 3 },
    settings: { topic: 'chat', brokers: ['b1:9092', 'b2:9092'] },
    logger: { error: note, warn: note } as never,
    board: { show: (risks) => void seen.shown.push(...risks.map(({ setting }) => setting)) },
    isStopping: () => isStopping,
  });
  return { done, seen, stop: () => void (isStopping = true) };
};

test('a topic whose settings keep every promise is not worth a line', async () => {
  const { done, seen } = checking({});
  await done;
  expect(seen).toEqual({ lines: [], shown: [] });
});

test('retention that deletes records is an error line with the command that mends it, and a metric; the app starts', async () => {
  const { done, seen } = checking({ 'retention.ms': '604800000', 'retention.bytes': '1' });
  await done;
  expect(seen.shown).toEqual(['retention.ms', 'retention.bytes']);
  expect(seen.lines[0]).toMatch(/^retention.ms of the topic chat is 604800000: .*ingest has not read\. Run /);
  expect(seen.lines[0]).toContain('--bootstrap-server b1:9092 --alter --entity-type topics --entity-name chat');
  expect(seen.lines[0]).toMatch(/--add-config retention.ms=-1,retention.bytes=-1$/);
});

test('compaction, which deletes all but one message of a conversation, stops the start with one line', async () => {
  const { done } = checking({ 'cleanup.policy': 'compact' });
  await expect(done).rejects.toThrow(StartError);
  await expect(done).rejects.toThrow(/^cleanup.policy of the topic chat is compact: .*cleanup.policy=delete$/);
});

test('while Kafka does not answer the topic is asked for again, with one line, until the app stops', async () => {
  const { done, seen, stop } = checking({}, () => Promise.reject(new Error('no broker')));
  stop();
  await done;
  expect(seen.lines).toEqual(['what the topic chat is set to is not known yet; Kafka is asked again']);
});

test('a topic whose brokers keep every record in a codec that ingest can not read stops the start with one line', async () => {
  const { done } = checking({ 'compression.type': 'zstd' });
  await expect(done).rejects.toThrow(StartError);
  await expect(done).rejects.toThrow(
    /^compression.type of the topic chat is zstd: .*nothing is stored\. Run .*compression.type=uncompressed$/,
  );
});

test('a topic with fewer replicas than the brokers allow is an error line that names the tool, and a metric', async () => {
  const { done, seen } = checking({ 'min.insync.replicas': '1' }, undefined, { replicas: 1 });
  await done;
  expect(seen.shown).toEqual(['replication.factor']);
  expect(seen.lines).toEqual([
    expect.stringMatching(
      /^replication.factor of the topic chat is 1: while a broker is away.* kafka-reassign-partitions.sh /,
    ),
  ]);
});

test.each([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'zstd'],
])('a dead-letter topic with %s=%s stops the start with one line', async (setting, value) => {
  const { done } = checking({ [setting]: value }, undefined, { check: checkDeadLetterTopic });
  await expect(done).rejects.toThrow(StartError);
  await expect(done).rejects.toThrow(new RegExp(`^${setting} of the topic chat.dlq is ${value}: .*dead letter.* Run `));
});

test('a dead-letter topic that deletes dead letters after a time is an error line; the app starts', async () => {
  const { done, seen } = checking({ 'retention.ms': '1000' }, undefined, { check: checkDeadLetterTopic });
  await done;
  expect(seen.lines).toEqual([
    expect.stringMatching(/^retention.ms of the topic chat.dlq is 1000: dead letters are deleted.*retention.ms=-1$/),
  ]);
});
