import { GroupReader, StoreEditor, StoreReader, readDeadLetters } from '@wiber/evidence';
import { AppProcess, FaultyMongo, TopicAdmin, appendRaw, commitNote, eventually, freshSystem } from '@wiber/harness';
import { page, post } from './api.client.ts';
import { allStored, append, drained, messageOf } from './log.client.ts';
import { OperatorClient } from './operator.client.ts';

const TOKEN = 'a-token-of-the-operator';
const SECRET = 'what-ann-wrote-to-ben';
const FOREIGN = 1;

let env: Record<string, string>;
let group: GroupReader;
let store: StoreReader;
const apps: AppProcess[] = [];

beforeEach(async () => {
  env = { ...(await freshSystem()), OPERATOR_TOKEN: TOKEN };
  group = new GroupReader(env);
  store = await StoreReader.openFor(env);
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.end('SIGKILL')));
  await store.close();
});

const start = async (name: 'gateway' | 'ingest'): Promise<AppProcess> => {
  const app = await AppProcess.start(name, env);
  apps.push(app);
  return app;
};

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Names that every object has, a name that means something here, and names that no program would choose. */
const NAMES = [
  ...Object.getOwnPropertyNames(Object.prototype),
  'wiber-dlq-offset',
  '',
  'a'.repeat(10_000),
  '\u0000',
  '🦊',
];

test('records with headers of any name are stored, or are dead letters with these headers, and what follows is stored', async () => {
  const headers = Object.fromEntries(NAMES.map((name, index) => [name, `value ${index}`]));
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`h${index}`, '']));
  const sent = [messageOf(1), messageOf(1), messageOf(1)];
  const record = (value: Buffer | null, given: Record<string, string> = headers, key: Buffer | null = null) => {
    return { key, partition: FOREIGN, value, headers: given };
  };
  await appendRaw(env, [
    record(bytesOf(sent[0])),
    record(Buffer.from('not json')),
    record(null, headers, Buffer.from([0xff, 0x00])),
    record(Buffer.alloc(0), many),
    record(bytesOf(sent[1]), many, Buffer.alloc(5000)),
    record(bytesOf(sent[2]), {}),
  ]);
  await start('ingest');
  await drained(group);
  expect((await allStored(store)).map(({ messageId }) => messageId)).toEqual(sent.map(({ messageId }) => messageId));
  const letters = await readDeadLetters(env);
  expect(letters.map(({ letter }) => letter.offset)).toEqual([1, 2, 3]);

  const gateway = await start('gateway');
  const operator = new OperatorClient(gateway.url, TOKEN);
  await eventually(async () => expect(await operator.list()).toHaveLength(3));
  const { headers: shown } = await operator.show(`${FOREIGN}-1`);
  const own = NAMES.filter((name) => !name.startsWith('wiber-dlq'));
  expect(shown.map(({ name, text }) => [name, text]).sort()).toEqual(own.map((name) => [name, headers[name]]).sort());
  expect((await operator.show(`${FOREIGN}-3`)).headers).toHaveLength(10_000);
});

test('a batch that can not be read sets its partition aside, loudly; the others continue, and once it is given up all that follows is stored', async () => {
  const topicAdmin = new TopicAdmin(env);
  await topicAdmin.setTopic(env['KAFKA_TOPIC']!, { 'compression.type': 'producer' });
  const before = messageOf(1);
  const after = messageOf(1);
  await appendRaw(env, [{ key: null, partition: FOREIGN, value: bytesOf(before) }]);
  await appendRaw(env, [{ key: null, partition: FOREIGN, value: bytesOf(messageOf(1)) }], 'zstd');
  await appendRaw(env, [{ key: null, partition: FOREIGN, value: bytesOf(after) }]);
  const ingest = await start('ingest');
  await append(env, [messageOf(2), messageOf(3)]);
  await eventually(async () => expect(await group.committed()).toEqual([1, 1, 1]));
  await eventually(async () => expect(await ingest.metric('wiber_ingest_partitions_unreadable')).toBe(1));
  expect(ingest.output).toContain('kafkajs has no codec for zstd');
  expect(await ingest.metric('wiber_consumer_crashes_total')).toBe(0);
  expect((await allStored(store)).map(({ messageId }) => messageId)).not.toContain(after.messageId);

  await topicAdmin.dropBefore([0, 2, 0]);
  await drained(group);
  expect((await allStored(store)).map(({ messageId }) => messageId)).toEqual(
    expect.arrayContaining([before.messageId, after.messageId]),
  );
  await eventually(async () => expect(await ingest.metric('wiber_ingest_partitions_unreadable')).toBe(0));
  // What is given up was never stored, so it is said as each other cut is.
  expect(await ingest.metric('wiber_records_cut_total')).toBe(1);
  expect(ingest.output).toContain('records were deleted from the log before ingest read them');
});

test('a committed note that names a time far ahead delays no read', async () => {
  await append(env, [messageOf(1)]);
  const ingest = await start('ingest');
  await drained(group);
  await ingest.end();
  await commitNote(env, { partition: FOREIGN, offset: 1, note: 'fffffff000000001' });
  const gateway = await start('gateway');
  const { status, headers, body } = await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: 'hi' });
  expect(status).toBe(202);
  // Asks for the committed offsets, and so reads the notes.
  const pending = await fetch(gateway.url + headers.get('location'), { headers: { Prefer: 'wait=1' } });
  expect([pending.status, body]).toEqual([404, expect.objectContaining({ content: 'hi' })]);
  expect(await page(gateway.url, ['user1', 'hub'])).toHaveLength(1);
});

test('documents that are no messages are left out of pages, counted, logged once by their id, and refused under their id', async () => {
  const messages = Array.from({ length: 4 }, (_, index) =>
    messageOf(1, { timestamp: 1000 + index, content: `${SECRET} ${index}` }),
  );
  await append(env, messages);
  const ingest = await start('ingest');
  await drained(group);
  await ingest.end();
  const editor = await StoreEditor.openFor(env);
  await editor.change(messages[1]!.messageId, { content: null });
  await editor.change(messages[2]!.messageId, { timestamp: new Date(1002) });
  await editor.close();
  const gateway = await start('gateway');
  for (const address of ['/messages/user1/hub?sort=log', '/messages/user1/hub', '/users/hub/messages']) {
    const answer = await fetch(gateway.url + address);
    const shown = ((await answer.json()) as { content: string }[]).map(({ content }) => content).sort();
    expect([answer.status, shown]).toEqual([200, [`${SECRET} 0`, `${SECRET} 3`]]);
  }
  expect(await gateway.metric('wiber_documents_unreadable_total')).toBeGreaterThanOrEqual(4);
  for (let time = 0; time < 20; time += 1) await fetch(`${gateway.url}/messages/${messages[1]!.messageId}`);
  const refused = await fetch(`${gateway.url}/messages/${messages[1]!.messageId}`);
  expect([refused.status, await refused.json()]).toEqual([
    500,
    expect.objectContaining({ code: 'message_unreadable' }),
  ]);
  const lines = gateway.output.split('\n').filter((line) => line.includes('no message, so no read shows it'));
  expect(lines).toHaveLength(2);
  // At the level of errors: no line for each refused read.
  expect(gateway.output.split('\n').filter((line) => line.includes('"level":50'))).toEqual(lines);
  expect(gateway.output).not.toContain(SECRET);
});

/** What a server answers when it refuses a write: the whole command, and in a bulk write the documents. */
const REFUSALS = [
  {
    ok: 0,
    code: 13,
    errmsg: `not authorized on wiber to execute command { insert: "messages", content: "${SECRET}" }`,
  },
  { ok: 1, n: 0, writeErrors: [{ index: 0, code: 50, errmsg: `time is up for { content: "${SECRET}" }` }] },
  { ok: 1, n: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
];

test('no log line holds what a message says, also where MongoDB quotes it in the error of a write, and the message is stored', async () => {
  const mongo = await FaultyMongo.start(env['MONGO_URI']!);
  try {
    const refusals = [...REFUSALS];
    mongo.fault = ({ insert }) => (insert === 'messages' ? (refusals.shift() ?? 'pass') : 'pass');
    await append(env, [messageOf(1, { content: SECRET })]);
    const ingest = await AppProcess.start('ingest', { ...env, MONGO_URI: mongo.uri });
    apps.push(ingest);
    await drained(group);
    expect(refusals).toEqual([]);
    expect((await allStored(store)).map(({ content }) => content)).toEqual([SECRET]);
    expect(ingest.output).toContain('not authorized on wiber to execute command');
    expect(ingest.output).not.toContain(SECRET);
  } finally {
    await mongo.close();
  }
});

test('an index that is dropped under a gateway is made again; until then no client is told what MongoDB says of the query', async () => {
  const { fromUser, toUser } = messageOf(1);
  const gateway = await start('gateway');
  await start('ingest');
  await eventually(async () => {
    const sent = await post(gateway.url, { fromUser, toUser, content: 'hi' }, { Prefer: 'wait=5' });
    expect(sent.status).toBe(201);
  });
  const editor = await StoreEditor.openFor(env);
  await editor.dropIndexes();
  await editor.close();
  const answer = await fetch(`${gateway.url}/messages/${fromUser}/${toUser}`);
  const problem = (await answer.json()) as { code: string; detail: string };
  expect(problem).toMatchObject({
    code: 'store_unavailable',
    detail: 'MongoDB lacks an index, which is made again; try again later',
  });
  await eventually(async () => expect(await page(gateway.url, [fromUser, toUser])).toHaveLength(1));
  expect(gateway.output).toContain('messages.conversation_by_time');
});
