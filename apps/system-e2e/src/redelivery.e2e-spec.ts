import type { Message } from '@wiber/contracts';
import { GroupReader, StoreReader, readDeadLetters } from '@wiber/evidence';
import { AppProcess, FaultyMongo, TopicAdmin, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { allStored, append, drained, messageOf } from './log.client.ts';

const COUNT = 3000;
const ALREADY = 'wiber_messages_already_stored_total';
let env: Record<string, string>;
let group: GroupReader;
let store: StoreReader;
let messages: Message[];
const running: AppProcess[] = [];

beforeEach(async () => {
  env = { ...(await freshSystem()), KAFKA_SESSION_TIMEOUT_MS: '3000' };
  group = new GroupReader(env);
  store = await StoreReader.openFor(env);
  messages = Array.from({ length: COUNT }, (_, index) => messageOf(index));
  await append(env, messages);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.end('SIGKILL')));
  await store.close();
});

const ingestWith = async (settings: Record<string, string> = {}): Promise<AppProcess> => {
  const app = await AppProcess.start('ingest', { ...env, ...settings });
  running.push(app);
  return app;
};

const storedIds = async (): Promise<string[]> => (await allStored(store)).map(({ messageId }) => messageId).sort();
const sentIds = (): string[] => messages.map(({ messageId }) => messageId).sort();

test('a redelivered batch stores nothing twice: after reading again from the start, every document is unchanged', async () => {
  const first = await ingestWith();
  await drained(group);
  expect(await first.end()).toBe(0);
  const before = await allStored(store);
  expect(before).toHaveLength(COUNT);
  await new TopicAdmin(env).rewind();
  expect(await group.committed()).not.toEqual(await group.ends());
  const second = await ingestWith();
  await drained(group);
  expect(await second.metric(ALREADY)).toBe(COUNT);
  expect(await second.metric('wiber_messages_stored_total')).toBe(0);
  await second.end();
  expect(await allStored(store)).toEqual(before);
});

test('kill -9 between the write of a batch and its commit loses and doubles nothing', async () => {
  const wire = await FaultyMongo.start(env['MONGO_URI'] ?? '');
  wire.fault = ({ insert }) => (insert === 'messages' ? 'mute' : 'pass');
  const killed = await ingestWith({ MONGO_URI: wire.uri });
  await eventually(async () => expect(await store.count()).toBeGreaterThan(0));
  await killed.end('SIGKILL');
  await wire.close();
  const written = await store.count();
  expect(await group.committed()).toEqual([-1, -1, -1]);
  const next = await ingestWith();
  await drained(group);
  // MongoDB may have completed writes that it received before the kill.
  expect(await next.metric(ALREADY)).toBeGreaterThanOrEqual(written);
  expect(await next.metric(ALREADY)).toBe(COUNT - (await next.metric('wiber_messages_stored_total')));
  expect(await storedIds()).toEqual(sentIds());
});

test('on SIGTERM ingest completes its current batch, commits exactly what it stored, and leaves the group at once', async () => {
  const ingest = await ingestWith({ KAFKA_SESSION_TIMEOUT_MS: '30000' });
  const more = Array.from({ length: 20_000 }, (_, index) => messageOf(index));
  const appended = append(env, more);
  await eventually(async () => expect(await store.count()).toBeGreaterThan(COUNT));
  expect(await ingest.end('SIGTERM')).toBe(0);
  const committed = await group.committed();
  expect(await group.members()).toEqual([]);
  const stored = await allStored(store);
  const last = committed.map((_, index) => stored.findLast(({ partition }) => partition === index));
  expect(committed).toEqual(last.map((message) => (message?.offset ?? -2) + 1));
  await appended;
  expect(committed).not.toEqual(await group.ends());
});

test('records that retention removed before they were read are skipped with a log line, and no other record is skipped', async () => {
  const first = await ingestWith();
  await drained(group);
  await first.end();
  const committed = await group.committed();
  await append(
    env,
    Array.from({ length: COUNT }, (_, index) => messageOf(index)),
  );
  await new TopicAdmin(env).dropBefore(committed.map((offset) => offset + 10));
  const second = await ingestWith();
  await drained(group);
  expect(second.output).toContain('Offset out of range');
  await second.end();
  expect(await store.count()).toBe(2 * COUNT - 3 * 10);
  const stored = await allStored(store);
  for (const [index, next] of committed.entries())
    expect(stored.find(({ partition, offset }) => partition === index && offset >= next)?.offset).toBe(next + 10);
});

test('of two bodies with one id in two partitions one is stored and the other is a dead letter', async () => {
  const [one] = messages as [Message];
  const other = messageOf(1, { messageId: one.messageId, content: 'another body' });
  const foreign = messageOf(2, { content: 'under a foreign key' });
  await appendRaw(env, [
    { key: 'user1:hub', partition: 1, value: Buffer.from(JSON.stringify(other)) },
    { key: 'somebody:else', partition: 2, value: Buffer.from(JSON.stringify(foreign)) },
  ]);
  const ingest = await ingestWith();
  await drained(group);
  const all = await allStored(store);
  const stored = all.find(({ messageId }) => messageId === one.messageId);
  const [kept, ...more] = await readDeadLetters(env);
  expect(more).toEqual([]);
  expect(kept?.letter).toMatchObject({ reason: 'idempotency_conflict' });
  const bodies = [stored?.content, (JSON.parse(String(kept?.value)) as Message).content];
  expect(bodies.sort()).toEqual(['another body', one.content]);
  expect(all.find(({ messageId }) => messageId === foreign.messageId)).toMatchObject({ conversationId: 'hub:user2' });
  expect(await ingest.metric('wiber_dead_letters_total')).toBe(1);
});
