import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BODY_MAX_BYTES,
  HEADER,
  conversationIdOf,
  deadLetterHeaders,
  deadLetterIdOf,
  deadLetterTopicOf,
  strayLetterIdOf,
  type DeadLetterReason,
  type DeadLetterSummaryDto,
  type LogPosition,
  type Message,
} from '@wiber/contracts';
import type { Store } from '@wiber/mongo';
import { GroupReader } from '@wiber/evidence';
import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { countIn, page, post } from './api.client.ts';
import { drained, messageOf, openStore } from './log.client.ts';
import { OperatorClient } from './operator.client.ts';

const DLQ = join(import.meta.dirname, '..', '..', '..', 'tools', 'dlq', 'src', 'main.ts');
const TOKEN = 'a-token-of-this-spec-alone';
let env: Record<string, string>;
let topic = '';
/** The environment `env` with the dead-letter topic in place of the topic. */
let dlq: Record<string, string>;
let gateway: AppProcess;
let second: AppProcess;
let ingest: AppProcess;
let group: GroupReader;
let store: Store;
let dora: OperatorClient;
let otto: OperatorClient;

beforeAll(async () => {
  env = await freshSystem();
  topic = env['KAFKA_TOPIC']!;
  dlq = { ...env, KAFKA_TOPIC: deadLetterTopicOf(topic) };
  const operated = { ...env, OPERATOR_TOKEN: TOKEN, LOG_LEVEL: 'trace' };
  store = await openStore(env);
  [gateway, second, ingest] = await AppProcess.startAll([
    ['gateway', operated],
    ['gateway', operated],
    ['ingest', { ...env, INSTANCE: 'ingest-9' }],
  ]);
  group = new GroupReader(env);
  dora = new OperatorClient(gateway.url, TOKEN, 'dora');
  otto = new OperatorClient(second.url, TOKEN, 'otto');
});

afterAll(async () => {
  await Promise.all([gateway?.end(), second?.end(), ingest?.end(), store?.close()]);
});

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const listedOf = (id: string): Promise<DeadLetterSummaryDto> =>
  eventually(async () => {
    const found = (await dora.list('?state=all&limit=500')).find((letter) => letter.id === id);
    if (!found) throw new Error(`${id} is not listed`);
    return found;
  });

/** Sends a message to find the partition of a conversation. */
const partitionOf = async (users: [string, string]): Promise<number> => {
  const [fromUser, toUser] = users;
  const sent = await post(gateway.url, { fromUser, toUser, content: 'first' }, { Prefer: 'wait=20' });
  return Number(new URL(gateway.url + sent.headers.get('location')).searchParams.get('partition'));
};

/** Appends records that can't be stored, and resolves to their ids once all are listed. */
const poison = async (
  partition: number,
  records: { value: Buffer | null; key?: string | Buffer | null; headers?: Record<string, string | Buffer> }[],
): Promise<string[]> => {
  const first = (await group.ends())[partition]!;
  await appendRaw(
    env,
    records.map(({ key = 'x:y', ...record }) => ({ ...record, key, partition })),
  );
  const ids = records.map((_, index) => deadLetterIdOf({ partition, offset: first + index }));
  for (const id of ids) await listedOf(id);
  return ids;
};

/** Writes a dead letter as ingest does, for reasons that a record alone does not cause. */
const letterOf = async (
  place: LogPosition,
  { reason, value, ...record }: { reason: DeadLetterReason; value: Buffer; key?: string; headers?: object },
): Promise<string> => {
  const said = { ...place, topic, reason, error: 'it failed', attempts: 5, time: Date.now(), instance: 'ingest-9' };
  const headers = { ...record.headers, ...deadLetterHeaders(said) };
  await appendRaw(dlq, [{ key: 'x:y', partition: 0, value, ...record, headers }]);
  const id = deadLetterIdOf(place);
  await listedOf(id);
  return id;
};

describe('the list', () => {
  test('five kinds of poison records are listed with their reasons, and shown byte for byte', async () => {
    const partition = await partitionOf(['ann', 'ben']);
    const [stored] = await page(gateway.url, ['ann', 'ben']);
    const own = { trace: 'abc', odd: Buffer.from([255, 0]) };
    const records: [string, Buffer | null][] = [
      ['unreadable', Buffer.from([0xff, 0xfe, 0x00])],
      ['unreadable', null],
      ['schema', json({ ...messageOf(1), toUser: 'a:b' })],
      ['too_large', Buffer.alloc(BODY_MAX_BYTES + 1, 'x')],
      ['idempotency_conflict', json({ ...stored, content: 'another' })],
    ];
    const key = Buffer.from([0xfe, 1]);
    const ids = await poison(
      partition,
      records.map(([, value]) => ({ value, key, headers: own })),
    );
    for (const [index, [reason, value]] of records.entries()) {
      const shown = await dora.show(ids[index]!);
      expect(shown).toMatchObject({
        ...{ id: ids[index], topic, partition, reason, state: 'waiting', trail: [], attempts: 1 },
        ...{ instance: 'ingest-9', valueBytes: value?.length ?? 0, keyBase64: key.toString('base64') },
        headers: [
          { name: 'trace', text: 'abc', base64: Buffer.from('abc').toString('base64') },
          { name: 'odd', base64: Buffer.from([255, 0]).toString('base64') },
        ],
      });
      expect(shown.error.length).toBeGreaterThan(0);
      expect(shown.valueBase64).toBe(value?.toString('base64'));
      expect(shown.valueText).toBe(index < 2 ? undefined : value?.toString());
      expect(shown.keyText).toBeUndefined();
      expect(Math.abs(shown.time - Date.now())).toBeLessThan(60_000);
    }
  });

  test('can be filtered by reason and state, and its pages go from newest to oldest without skip or repeat', async () => {
    const ids = await poison(
      0,
      Array.from({ length: 7 }, (_, index) => ({ value: json({ n: index }) })),
    );
    await dora.discard(ids[3]!);
    const waiting = ids.filter((id) => id !== ids[3]).toReversed();
    const pages = await dora.walk('?reason=schema&limit=2');
    expect(pages.slice(0, 3).flatMap((letters) => letters.map(({ id }) => id))).toEqual(waiting);
    const all = pages.flat();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ reason, state }) => `${reason} ${state}`))).toEqual(new Set(['schema waiting']));
    expect(await dora.list('?reason=schema&state=discarded')).toMatchObject([{ id: ids[3] }]);
    const times = (await dora.list('?state=all&limit=500')).map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test('has a dead letter without its headers as unknown, and such a record stops nothing', async () => {
    const before = await poison(1, [{ value: Buffer.from('before') }]);
    await appendRaw(dlq, [{ key: null, partition: 0, value: Buffer.from('who am I') }]);
    const after = await poison(1, [{ value: Buffer.from('after') }]);
    const [stray] = await eventually(async () => {
      const unknown = await dora.list('?reason=unknown');
      expect(unknown).toHaveLength(1);
      return unknown;
    });
    const place = { partition: stray!.dlqPartition, offset: stray!.dlqOffset };
    expect(stray).toMatchObject({ id: strayLetterIdOf(place), topic: deadLetterTopicOf(topic), ...place });
    expect(await dora.show(stray!.id)).toMatchObject({ valueText: 'who am I', attempts: 0 });
    const body = { fromUser: 'stray', toUser: 'dog', content: 'found' };
    expect(await dora.replay(stray!.id, { body })).toMatchObject({ status: 200, body: { state: 'replayed' } });
    await eventually(async () => expect(await page(gateway.url, ['stray', 'dog'])).toMatchObject([body]));
    for (const [id] of [before, after]) expect((await dora.show(id!)).reason).toBe('unreadable');
  });

  test('has a dead letter once, also when its topic has it twice', async () => {
    const place = { partition: 7, offset: 70 };
    await letterOf(place, { reason: 'schema', value: json({}) });
    await letterOf(place, { reason: 'schema', value: json({}) });
    await letterOf({ partition: 7, offset: 71 }, { reason: 'schema', value: json({}) });
    const found = (await dora.list('?state=all&limit=500')).filter(({ partition }) => partition === 7);
    expect(found.map(({ id }) => id)).toEqual(['7-71', '7-70']);
  });
});

describe('a replay', () => {
  test('sends a valid record unchanged, with its own id and time, and is stored once however often it is repeated', async () => {
    const message = messageOf(500, { fromUser: 'cat', toUser: 'dan' });
    const id = await letterOf({ partition: 9, offset: 1 }, { reason: 'handler_error', value: json(message) });
    const answers = [await dora.replay(id), await dora.replay(id), await otto.replay(id, { force: true })];
    for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]!.body]);
    expect(answers[0]!.body).toMatchObject({ id, state: 'replayed', messageId: message.messageId });
    const located = gateway.url + answers[0]!.headers.get('location');
    const read = await fetch(located, { headers: { Prefer: 'wait=20' } });
    const { lamport, ...rest } = (await read.json()) as Message;
    expect({ ...rest, lamport: message.lamport }).toEqual(message);
    expect(lamport).toBeGreaterThan(0);
    expect(await countIn(gateway.url, 'cat', 'dan')).toBe(1);
    const { state, trail, replay } = await dora.show(id);
    expect({ state, replay }).toEqual({ state: 'replayed', replay: { ...rest, lamport } });
    const { partition, offset, messageId } = answers[0]!.body;
    const when = { at: expect.any(Number) as number, who: 'dora' };
    expect(trail).toEqual([
      { ...when, what: 'replay', messageId, mended: false, forced: false },
      { ...when, what: 'replayed', partition, offset },
    ]);
  });

  test('of an invalid record needs a mended body, which is stored under the id of the record', async () => {
    const own = randomUUID();
    const [id, byHeader] = await poison(2, [
      { value: json({ ...messageOf(2), messageId: own, content: '' }) },
      { value: null, headers: { [HEADER.messageId]: randomUUID() } },
    ]);
    for (const poor of [id!, byHeader!]) {
      const refused = await dora.replay(poor);
      expect(refused).toMatchObject({ status: 409, body: { code: 'mended_body_needed' } });
      expect(await dora.show(poor)).toMatchObject({ state: 'waiting', trail: [] });
    }
    const body = { fromUser: 'e\u0301ve', toUser: 'fay', content: ' mended ✓ ' };
    expect(await dora.replay(id!, { body })).toMatchObject({ status: 200, body: { messageId: own } });
    const normal = { ...body, fromUser: '\u00e9ve' };
    await eventually(async () => expect(await page(gateway.url, ['éve', 'fay'])).toMatchObject([normal]));
    expect((await dora.show(id!)).trail[0]).toMatchObject({ what: 'replay', mended: true, messageId: own });
    expect(await dora.replay(id!, { body })).toMatchObject({ status: 200, body: { messageId: own } });
    for (const other of [{ body: { ...body, content: 'other' } }, undefined])
      expect(await dora.replay(id!, other)).toMatchObject({ status: 409, body: { code: 'replay_conflict' } });
    const given = (await dora.show(byHeader!)).headers.find(({ name }) => name === HEADER.messageId);
    const sent = await dora.replay(byHeader!, { body: { ...body, fromUser: 'headed' } });
    expect(sent).toMatchObject({ status: 200, body: { messageId: given?.text } });
  });

  test('of a record that has the id of another message gets an id of its own, always the same', async () => {
    const partition = await partitionOf(['gil', 'hal']);
    const [stored] = await page(gateway.url, ['gil', 'hal']);
    const [conflict, copied] = await poison(partition, [
      { value: json({ ...stored, content: 'another', timestamp: stored!.timestamp + 1 }) },
      { value: json({ ...stored, content: '' }) },
    ]);
    const first = await dora.replay(conflict!);
    expect(first.status).toBe(200);
    expect(await otto.replay(conflict!)).toMatchObject({ status: 200, body: first.body });
    const body = { fromUser: 'gil', toUser: 'hal', content: 'copied' };
    const next = await dora.replay(copied!, { body, force: true });
    const ids = new Set([stored!.messageId, first.body.messageId, next.body.messageId]);
    expect(ids.size).toBe(3);
    await eventually(async () => {
      const read = await page(gateway.url, ['gil', 'hal'], '?sort=log');
      expect(read.map(({ content }) => content)).toEqual(['first', 'another', 'copied']);
      expect(new Set(read.map(({ messageId }) => messageId))).toEqual(ids);
    });
  });

  test('of each copy of a record that a repeated batch put into the log twice has one id, and the message is stored once', async () => {
    const partition = await partitionOf(['kit', 'lou']);
    const [stored] = await page(gateway.url, ['kit', 'lou']);
    const value = json({ ...stored, content: 'another' });
    const copies = await poison(partition, [{ value }, { value }]);
    const replays = [await dora.replay(copies[0]!), await dora.replay(copies[1]!)];
    expect(replays.map(({ status }) => status)).toEqual([200, 200]);
    expect(replays[0]!.body.messageId).toBe(replays[1]!.body.messageId);
    await drained(group);
    const read = await page(gateway.url, ['kit', 'lou'], '?sort=log');
    expect(read.map(({ content }) => content)).toEqual(['first', 'another']);
    const mended = { fromUser: 'kit', toUser: 'lou', content: 'mended' };
    const [third] = await poison(partition, [{ value }]);
    const refused = await dora.replay(third!, { body: mended, force: true });
    expect(refused).toMatchObject({ status: 409, body: { code: 'replay_conflict' } });
  });

  test('is refused when the conversation has newer messages and changes nothing; when forced it is stored behind them', async () => {
    const partition = await partitionOf(['ida', 'jon']);
    const [id] = await poison(partition, [{ value: Buffer.from('{') }]);
    const send = { fromUser: 'jon', toUser: 'ida', content: 'later' };
    expect((await post(gateway.url, send, { Prefer: 'wait=20' })).status).toBe(201);
    const body = { fromUser: 'ida', toUser: 'jon', content: 'late' };
    const refused = await dora.replay(id!, { body });
    expect(refused).toMatchObject({ status: 409, body: { code: 'conversation_moved_on' } });
    expect(await dora.show(id!)).toMatchObject({ state: 'waiting', trail: [] });
    expect(await dora.replay(id!, { body, force: true })).toMatchObject({ status: 200 });
    await eventually(async () => {
      const read = await page(gateway.url, ['ida', 'jon'], '?sort=log');
      expect(read.map(({ content }) => content)).toEqual(['first', 'later', 'late']);
    });
    expect((await dora.show(id!)).trail[0]).toMatchObject({ forced: true, mended: true });
  });

  test('of a record from another partition than its conversation is refused when newer messages exist by time', async () => {
    await partitionOf(['kim', 'lea']);
    const [stored] = await page(gateway.url, ['kim', 'lea']);
    const at = (index: number, timestamp: number) =>
      letterOf(
        { partition: 11, offset: index },
        { reason: 'handler_error', value: json(messageOf(1, { fromUser: 'kim', toUser: 'lea', timestamp })) },
      );
    const early = await at(1, stored!.timestamp - 1);
    const late = await at(2, stored!.timestamp);
    expect(await dora.replay(early)).toMatchObject({ status: 409, body: { code: 'conversation_moved_on' } });
    expect(await dora.replay(late)).toMatchObject({ status: 200 });
  });

  test('by two operators at two gateways at once has one effect and one answer', async () => {
    const value = json(messageOf(3, { fromUser: 'max', toUser: 'nia' }));
    const id = await letterOf({ partition: 12, offset: 1 }, { reason: 'handler_error', value });
    const who = [dora, otto];
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => who[index % 2]!.replay(id)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    const { trail } = await dora.show(id);
    expect(trail.map(({ what }) => what)).toEqual(['replay', 'replayed']);
    const after = await post(gateway.url, { fromUser: 'max', toUser: 'nia', content: 'z' }, { Prefer: 'wait=20' });
    expect(after.status).toBe(201);
    expect(await countIn(gateway.url, 'max', 'nia')).toBe(2);
  });

  test('by two operators with two bodies keeps the first body and refuses the other', async () => {
    const [id] = await poison(0, [{ value: Buffer.from('?') }]);
    const bodyOf = (index: number) => ({ fromUser: 'oto', toUser: 'pia', content: `by ${index}` });
    const who = [dora, otto];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => who[index % 2]!.replay(id!, { body: bodyOf(index) })),
    );
    const won = answers.findIndex(({ status }) => status === 200);
    expect(answers.map(({ status, body }, index) => (index === won ? status : body.code))).toEqual(
      answers.map((_, index) => (index === won ? 200 : 'replay_conflict')),
    );
    await eventually(async () => expect(await page(gateway.url, ['oto', 'pia'])).toMatchObject([bodyOf(won)]));
  });

  test.each([
    ['before the message was sent', false],
    ['between the send and its note', true],
  ])('that broke off %s stays on the list until a repeat completes it, and is stored once', async (_, sent) => {
    const users = { fromUser: `quy${sent}`, toUser: 'ron' };
    const value = json(messageOf(4, users));
    const place = { partition: 13, offset: sent ? 1 : 2 };
    const id = await letterOf(place, { reason: 'handler_error', value });
    const message = messageOf(4, users);
    const entry = { at: 1, who: 'otto', what: 'replay', messageId: message.messageId } as const;
    await store.deadLetterWriter().claim({ topic, ...place }, { message, mended: false }, entry);
    const key = conversationIdOf(users.fromUser, users.toUser);
    if (sent) await appendRaw(env, [{ key, partition: 0, value: json(message) }]);
    expect(await dora.discard(id)).toMatchObject({ status: 409, body: { code: 'dead_letter_replayed' } });
    expect(await dora.list('?limit=500')).toContainEqual(expect.objectContaining({ id, state: 'replaying' }));
    const answer = await dora.replay(id);
    expect(answer).toMatchObject({ status: 200, body: { state: 'replayed', messageId: message.messageId } });
    expect((await dora.list('?limit=500')).map((letter) => letter.id)).not.toContain(id);
    const located = await fetch(gateway.url + answer.headers.get('location'), { headers: { Prefer: 'wait=20' } });
    expect(await located.json()).toEqual(message);
    expect(await countIn(gateway.url, users.fromUser, 'ron')).toBe(1);
    expect((await dora.show(id)).trail).toMatchObject([
      { who: 'otto', what: 'replay' },
      { who: 'dora', what: 'replayed' },
    ]);
  });
});

describe('a discard', () => {
  test('removes a dead letter from the list, keeps it readable with its trail, and may be repeated', async () => {
    const [id] = await poison(0, [{ value: Buffer.from('junk') }]);
    const done = { status: 200, body: { id, state: 'discarded' } };
    expect(await dora.discard(id!, { note: 'a test of ours' })).toMatchObject(done);
    expect(await otto.discard(id!, { note: 'me too' })).toMatchObject(done);
    expect((await dora.list('?limit=500')).map((letter) => letter.id)).not.toContain(id);
    const trail = [{ at: expect.any(Number) as number, who: 'dora', what: 'discard', note: 'a test of ours' }];
    expect(await dora.show(id!)).toMatchObject({ state: 'discarded', valueText: 'junk', trail });
    const body = { fromUser: 'sam', toUser: 'tom', content: 'x' };
    for (const asked of [undefined, { body }, { force: true }])
      expect(await dora.replay(id!, asked)).toMatchObject({ status: 409, body: { code: 'dead_letter_discarded' } });
  });

  test('of a replayed dead letter is refused', async () => {
    const [id] = await poison(0, [{ value: Buffer.from('junk') }]);
    const body = { fromUser: 'uma', toUser: 'val', content: 'x' };
    expect((await dora.replay(id!, { body })).status).toBe(200);
    expect(await dora.discard(id!)).toMatchObject({ status: 409, body: { code: 'dead_letter_replayed' } });
  });

  test('at the same time as a replay has an effect, or the replay has; never both', async () => {
    const [id] = await poison(0, [{ value: Buffer.from('junk') }]);
    const body = { fromUser: 'wim', toUser: 'xia', content: 'x' };
    const [replayed, discarded] = await Promise.all([dora.replay(id!, { body }), otto.discard(id!)]);
    const { state } = await dora.show(id!);
    expect([replayed.status, discarded.status]).toEqual(state === 'replayed' ? [200, 409] : [409, 200]);
  });
});

const CALLS: [string, string][] = [
  ['GET', '/dead-letters'],
  ['GET', '/dead-letters/0-1'],
  ['POST', '/dead-letters/0-1/replay'],
  ['POST', '/dead-letters/0-1/discard'],
];

test.each(CALLS)('%s %s is refused without a token, with a wrong token or scheme', async (method, path) => {
  const call = (headers: Record<string, string>) => fetch(gateway.url + path, { method, headers });
  const wrong = [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer x', `Basic ${TOKEN}`, TOKEN, 'Bearer', ''];
  for (const given of [undefined, ...wrong]) {
    const answer = await call(given === undefined ? {} : { Authorization: given });
    expect([given, answer.status]).toEqual([given, 401]);
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
    const named = given?.startsWith('Bearer ') ? 'Bearer error="invalid_token"' : 'Bearer';
    expect(answer.headers.get('www-authenticate')).toBe(named);
  }
  expect((await call({ Authorization: `bearer ${TOKEN}` })).status).not.toBe(401);
});

test.each<[string, string, string]>([
  ['no JSON', 'application/json', '{'],
  ['a form', 'application/x-www-form-urlencoded', 'a=b'],
  ['more than 64 KiB', 'application/json', 'x'.repeat(BODY_MAX_BYTES + 1)],
])('without a token a body that is %s is unauthorized, whatever is wrong with it', async (_, type, body) => {
  for (const [method, path] of CALLS.filter(([verb]) => verb === 'POST')) {
    const answer = await fetch(gateway.url + path, { method, headers: { 'Content-Type': type }, body });
    expect([path, answer.status, await answer.json()]).toMatchObject([path, 401, { code: 'unauthorized' }]);
  }
});

test('a gateway without OPERATOR_TOKEN refuses every operator call, with any token, and says what to do', async () => {
  const closed = await AppProcess.start('gateway', env);
  try {
    for (const [method, path] of CALLS) {
      for (const headers of [{}, { Authorization: 'Bearer ' }, { Authorization: `Bearer ${TOKEN}` }]) {
        const answer = await fetch(closed.url + path, { method, headers });
        expect(answer.status).toBe(403);
        const detail = expect.stringContaining('OPERATOR_TOKEN') as string;
        expect(await answer.json()).toMatchObject({ code: 'operator_closed', detail });
      }
    }
  } finally {
    await closed.end();
  }
});

test('an OPERATOR_TOKEN of 15 characters ends the gateway with one line that does not show it', async () => {
  const { code, output } = await AppProcess.runToEnd('gateway', { ...env, OPERATOR_TOKEN: 'fifteen-letters' });
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toContain("OPERATOR_TOKEN is '***'; it takes a secret of at least 16");
  expect(output).not.toContain('fifteen-letters');
});

describe('npm run dlq', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wiber-dlq-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const command = (args: string[], given: Record<string, string> = { API_URL: gateway.url, OPERATOR_TOKEN: TOKEN }) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [DLQ, ...args], { cwd: folder, env: given }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  test('lists, shows, replays with a mended body and discards, and reports that as text and as JSON', async () => {
    const [first, second] = await poison(2, [{ value: json({ n: 'by command' }) }, { value: null }]);
    const listed = await command(['list', '--reason', 'schema', '--limit', '1']);
    expect(listed).toMatchObject({ code: 0, err: expect.stringMatching(/^more: .* --after \S+\n$/) as string });
    expect(listed.out).toMatch(new RegExp(`^ID .*\n${first} +schema +waiting .*\n$`));
    const shown = await command(['show', first!]);
    expect(shown.out).toContain('{"n":"by command"}');
    expect(JSON.parse((await command(['show', second!, '--json'])).out)).toEqual(await dora.show(second!));
    const file = join(folder, 'body.json');
    const body = { fromUser: 'yan', toUser: 'zoe', content: 'from a file' };
    writeFileSync(file, JSON.stringify(body));
    const replayed = await command(['replay', first!, '--body', file, '--as', 'dora']);
    expect(replayed).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining(`${first} is replayed as `) as string,
    });
    const flags = ['--from', 'yan', '--to', 'zoe', '--content', 'from flags', '--force', '--json'];
    expect(JSON.parse((await command(['replay', second!, ...flags])).out)).toMatchObject({ state: 'replayed' });
    await eventually(async () => {
      const read = await page(gateway.url, ['yan', 'zoe']);
      expect(read.map(({ content }) => content).toSorted()).toEqual(['from a file', 'from flags']);
    });
    expect((await command(['show', first!])).out).toMatch(/\n {2}\S+Z {2}dora {2}replay as \S+ \(mended\)\n/);
    const [third] = await poison(2, [{ value: Buffer.from('spam') }]);
    const discarded = await command(['discard', third!, '--note', 'spam of a test']);
    expect(discarded).toEqual({ code: 0, err: '', out: `${third} is discarded\n` });
    expect((await dora.show(third!)).trail).toMatchObject([{ what: 'discard', note: 'spam of a test' }]);
  });

  test('prints the code of a refusal and ends with exit code 1', async () => {
    const [id] = await poison(2, [{ value: Buffer.from('{') }]);
    const refusals: [string, string[], Record<string, string>?][] = [
      ['mended_body_needed', ['replay', id!]],
      ['dead_letter_not_found', ['show', '999-9']],
      ['invalid_request', ['list', '--state', 'shut']],
      ['unauthorized', ['list'], { API_URL: gateway.url, OPERATOR_TOKEN: 'not-the-token-of-it' }],
      ['unauthorized', ['list'], { API_URL: gateway.url }],
      ['no gateway answers', ['list'], { API_URL: 'http://127.0.0.1:9', OPERATOR_TOKEN: TOKEN }],
      ['nothing runs here', ['list'], {}],
    ];
    for (const [what, args, given] of refusals) {
      const { code, out, err } = await command(args, given);
      expect({ args, code, out }).toEqual({ args, code: 1, out: '' });
      expect(err).toMatch(new RegExp(`^dlq: ${what}[^\n]*\n$`));
      expect(err).not.toContain(TOKEN);
    }
  });

  test.each<[string[], Record<string, string>]>([
    [['purge'], {}],
    [['show'], {}],
    [['list', '--force'], {}],
    [['list'], { API_URL: 'no address' }],
  ])('%j with the environment %j is a wrong command: one line and exit code 2', async (args, given) => {
    const err = expect.stringMatching(/^dlq: [^\n]+\n$/) as string;
    expect(await command(args, given)).toEqual({ code: 2, out: '', err });
  });

  test('finds the gateway and its token in the files of npm start', async () => {
    mkdirSync(join(folder, '.wiber'));
    const apps = [{ name: 'gateway', instance: 'gateway-1', pid: 1, url: gateway.url }];
    writeFileSync(join(folder, '.wiber', 'run.json'), JSON.stringify({ apps, kafka: [], mongo: [] }));
    writeFileSync(join(folder, '.wiber', 'operator.token'), `${TOKEN}\n`);
    const { code, out } = await command(['list', '--state', 'all', '--limit', '500', '--json'], {});
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(await dora.list('?state=all&limit=500'));
  });
});

test.each<[string, string, string, string, unknown]>([
  ['GET', '?limit=0', 'limit', 'invalid_request', undefined],
  ['GET', '?limit=501', 'limit', 'invalid_request', undefined],
  ['GET', '?state=shut', 'state', 'invalid_request', undefined],
  ['GET', '?state=waiting&state=all', 'state', 'invalid_request', undefined],
  ['GET', '?reason=mood', 'reason', 'invalid_request', undefined],
  ['GET', '?after=zzz', 'after', 'invalid_request', undefined],
  ['GET', '?after=WzEsMl0', 'after', 'invalid_request', undefined],
  ['GET', '?colour=red', 'colour', 'invalid_request', undefined],
  ['GET', '/x', 'id', 'invalid_request', undefined],
  ['GET', '/01-2', 'id', 'invalid_request', undefined],
  ['GET', '/999-1', '', 'dead_letter_not_found', undefined],
  ['GET', '/dlq-999-1', '', 'dead_letter_not_found', undefined],
  ['POST', '/999-1/replay', '', 'dead_letter_not_found', {}],
  ['POST', '/999-1/discard', '', 'dead_letter_not_found', {}],
  ['POST', '/0-0/replay', '(body)', 'invalid_request', []],
  ['POST', '/0-0/replay', 'forced', 'invalid_request', { forced: true }],
  ['POST', '/0-0/replay', 'force', 'invalid_request', { force: 'yes' }],
  ['POST', '/0-0/replay', 'body', 'invalid_request', { body: 'hi' }],
  ['POST', '/0-0/replay', 'body', 'invalid_request', { body: null }],
  ['POST', '/0-0/replay', 'body.content', 'invalid_request', { body: { fromUser: 'a', toUser: 'b' } }],
  ['POST', '/0-0/replay', 'body.toUser', 'invalid_request', { body: { fromUser: 'a', toUser: 'b:c', content: 'x' } }],
  ['POST', '/0-0/discard', 'note', 'invalid_request', { note: 7 }],
  ['POST', '/0-0/discard', 'note', 'invalid_request', { note: 'x'.repeat(501) }],
])('%s /dead-letters%s with a wrong %s is refused as %s', async (method, path, field, code, body) => {
  const headers = { Authorization: `Bearer ${TOKEN}`, ...(body ? { 'Content-Type': 'application/json' } : {}) };
  const answer = await fetch(`${gateway.url}/dead-letters${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const problem = (await answer.json()) as { code: string; errors?: { field: string }[] };
  expect(problem.code).toBe(code);
  if (field) expect(problem.errors?.map((error) => error.field)).toContain(field);
});

test('an X-Operator with a space is refused', async () => {
  const odd = new OperatorClient(gateway.url, TOKEN, 'do ra');
  expect(await odd.discard('0-0')).toMatchObject({ status: 400, body: { errors: [{ field: 'X-Operator' }] } });
});

test('no log line has the token, not even at the level trace', () => {
  for (const app of [gateway, second]) {
    expect(app.output.length).toBeGreaterThan(1000);
    expect(app.output).not.toContain(TOKEN);
  }
});
