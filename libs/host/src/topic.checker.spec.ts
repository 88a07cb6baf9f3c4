import { StartError } from './host.errors.ts';
import { checkTopic } from './topic.checker.ts';

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
  settingsOf = async () => new Map(Object.entries({ ...SAFE, ...changed })),
) => {
  const seen = { lines: [] as string[], shown: [] as string[] };
  const note = (_: object, line: string) => void seen.lines.push(line);
  let isStopping = false;
  const done = checkTopic({
    probe: { settingsOf, replicasOf: async () => 3 },
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
