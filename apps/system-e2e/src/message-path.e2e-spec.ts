import { readDeadLetters } from '@wiber/evidence';
import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import type { Message } from '@wiber/contracts';
import { countIn, page, post, walkLog } from './api.client.ts';

let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  env = await freshSystem();
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', { ...env, KAFKA_SESSION_TIMEOUT_MS: '6000' }],
  ]);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
});

test('a message posted with Prefer: wait is answered 201 and is readable at once, also at its Location', async () => {
  const sent = await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: 'hello' }, { Prefer: 'wait=20' });
  expect(sent.status).toBe(201);
  expect(sent.headers.get('preference-applied')).toBe('wait=20');
  expect(await page(gateway.url, ['ben', 'ann'])).toEqual([sent.body]);
  const located = await fetch(gateway.url + sent.headers.get('location'));
  expect(located.status).toBe(200);
  expect(await located.json()).toEqual(sent.body);
});

test('messages posted without waiting are answered 202, and each is read once, in order', async () => {
  const contents = Array.from({ length: 200 }, (_, index) => `m${index}`);
  const sent: Message[] = [];
  for (const content of contents) {
    const { status, body } = await post(gateway.url, { fromUser: 'cat', toUser: 'dan', content });
    expect(status).toBe(202);
    sent.push(body as Message);
  }
  await eventually(async () => expect(await countIn(gateway.url, 'cat', 'dan')).toBe(200));
  for (const sort of ['log', 'timestamp']) {
    const read = await page(gateway.url, ['cat', 'dan'], `?limit=500&sort=${sort}`);
    if (sort === 'log') expect(read).toEqual(sent);
    else expect(new Set(read.map(({ messageId }) => messageId)).size).toBe(200);
  }
});

test('content is returned byte for byte, and usernames in NFC', async () => {
  const content = '  \u0000\t"\\ é e\u0301 😀 \u2028 ';
  const sent = await post(gateway.url, { fromUser: 'e\u0301ve', toUser: 'fay', content }, { Prefer: 'wait=20' });
  expect(sent.status).toBe(201);
  const [read] = await page(gateway.url, ['\u00e9ve', 'fay']);
  expect(read?.content).toBe(content);
  expect(read?.fromUser).toBe('\u00e9ve');
});

test('a retry under the same Idempotency-Key stores nothing twice, and another body under it is 409', async () => {
  const body = { fromUser: 'gil', toUser: 'hal', content: 'once' };
  const headers = { 'Idempotency-Key': 'k-1', Prefer: 'wait=20' };
  const answers = await Promise.all([post(gateway.url, body, headers), post(gateway.url, body, headers)]);
  const again = await post(gateway.url, body, headers);
  const ids = new Set([...answers, again].map(({ body: answer }) => (answer as Message).messageId));
  expect(ids.size).toBe(1);
  expect(await countIn(gateway.url, 'gil', 'hal')).toBe(1);
  const other = await post(gateway.url, { ...body, content: 'twice' }, headers);
  expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
});

test('kill -9 of ingest under load loses and doubles nothing', async () => {
  const users = Array.from({ length: 12 }, (_, index) => `user${index}`);
  const acked = new Map<string, Message[]>(users.map((user) => [user, []]));
  const load = Promise.all(
    users.map(async (user) => {
      for (let index = 0; index < 150; index += 1) {
        const { status, body } = await post(gateway.url, {
          fromUser: user,
          toUser: 'kim',
          content: `${user}-${index}`,
        });
        expect(status).toBe(202);
        acked.get(user)?.push(body as Message);
      }
    }),
  );
  await eventually(async () => expect(await countIn(gateway.url, 'user0', 'kim')).toBeGreaterThan(5));
  await ingest.end('SIGKILL');
  await load;
  ingest = await AppProcess.start('ingest', { ...env, KAFKA_SESSION_TIMEOUT_MS: '6000' });
  for (const [user, messages] of acked) {
    await eventually(async () => expect(await countIn(gateway.url, user, 'kim')).toBe(150), { within: 60_000 });
    expect(await page(gateway.url, [user, 'kim'], '?limit=500&sort=log')).toEqual(messages);
  }
});

test('a second ingest takes over the partitions when the first one leaves', async () => {
  const second = await AppProcess.start('ingest', { ...env, KAFKA_SESSION_TIMEOUT_MS: '6000' });
  expect(await ingest.end('SIGTERM')).toBe(0);
  try {
    const sent = await post(gateway.url, { fromUser: 'lea', toUser: 'max', content: 'hi' }, { Prefer: 'wait=30' });
    expect(sent.status).toBe(201);
  } finally {
    ingest = second;
  }
});

test('a walk through a conversation in log order skips and repeats nothing while messages arrive', async () => {
  const send = (content: string) => post(gateway.url, { fromUser: 'nia', toUser: 'oto', content });
  const first = await Promise.all(Array.from({ length: 120 }, (_, index) => send(`a${index}`)));
  await eventually(async () => expect(await countIn(gateway.url, 'nia', 'oto')).toBe(120));
  const more = (async () => {
    const answers = [];
    for (let index = 0; index < 80; index += 1) answers.push(await send(`b${index}`));
    return answers;
  })();
  const seen = await walkLog(gateway.url, { users: ['nia', 'oto'], limit: 7 });
  const later = await more;
  await eventually(async () => expect(await countIn(gateway.url, 'nia', 'oto')).toBe(200));
  const whole = await walkLog(gateway.url, { users: ['nia', 'oto'], limit: 33 });
  expect(new Set(whole.map(({ messageId }) => messageId)).size).toBe(200);
  expect(whole.slice(0, seen.length)).toEqual(seen);
  expect(seen.length).toBeGreaterThanOrEqual(120);
  const ids = [...first, ...later].map(({ body }) => (body as Message).messageId).sort();
  expect(whole.map(({ messageId }) => messageId).sort()).toEqual(ids);
});

/** The page at an address, and the address of what is newer. */
const newerFrom = async (path: string) => {
  const answer = await fetch(gateway.url + path);
  expect(answer.status).toBe(200);
  const link = answer.headers.get('link') ?? '';
  const newer = /<([^>]+)>; rel="urn:wiber:rel:newer"/.exec(link)?.[1];
  return { messages: (await answer.json()) as Message[], newer: newer!, hasNext: link.includes('rel="next"') };
};

test.each([
  '/messages/rea/sam?sort=log&limit=2',
  '/messages/rea/sam?sort=log&limit=2&order=desc',
  '/messages/rea/sam?limit=2',
  '/messages/rea/sam?limit=2&order=desc',
  '/users/rea/messages?limit=2',
  '/users/rea/messages?limit=2&order=asc',
])(
  'whoever asks %s again and again for what is newer gets each message once, from before the first on',
  async (path) => {
    const names = { rea: `rea${path.length}x${path.includes('desc') ? 'd' : 'a'}`, sam: 'sam' };
    const start = path.replace('rea', names.rea);
    const seen: string[] = [];
    let { messages, newer, hasNext } = await newerFrom(start);
    expect([messages, hasNext]).toEqual([[], false]);
    const follow = async () => {
      do {
        ({ messages, newer, hasNext } = await newerFrom(newer));
        const contents = messages.map(({ content }) => content);
        seen.push(...(newer.includes('before=') ? contents.toReversed() : contents));
      } while (messages.length > 0);
      expect(hasNext).toBe(false);
    };
    for (const batch of [1, 3, 2]) {
      for (let count = 0; count < batch; count += 1) {
        const sent = { fromUser: names.rea, toUser: names.sam, content: `m${seen.length + count}` };
        expect((await post(gateway.url, sent, { Prefer: 'wait=20' })).status).toBe(201);
      }
      await follow();
    }
    expect(seen).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
  },
);

test('a record that can not be read stops nothing: the records after it in its partition are stored', async () => {
  const sent = await post(gateway.url, { fromUser: 'pam', toUser: 'quy', content: 'before' }, { Prefer: 'wait=20' });
  const partition = Number(new URL(gateway.url + sent.headers.get('location')).searchParams.get('partition'));
  const poison = [Buffer.from('not json'), Buffer.from('{}'), null];
  await appendRaw(
    env,
    poison.map((value) => ({ key: 'pam:quy', partition, value })),
  );
  const after = await post(gateway.url, { fromUser: 'pam', toUser: 'quy', content: 'after' }, { Prefer: 'wait=20' });
  expect(after.status).toBe(201);
  const letters = await readDeadLetters(env);
  expect(letters.map(({ letter, value }) => [letter.reason, value])).toEqual([
    ['unreadable', poison[0]],
    ['schema', poison[1]],
    ['unreadable', null],
  ]);
});
