import { randomUUID } from 'node:crypto';
import type { Message } from '@wiber/contracts';
import { StoreEditor } from '@wiber/evidence';
import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';
import { OperatorClient } from './operator.client.ts';

/** Stands in what no line may have: contents, keys, tokens and headers of requests. So short that an error of JSON has it whole. */
const MARK = `mk${randomUUID().slice(0, 8)}`;
const TOKEN = `token-of-${MARK}`;
const REFUSED = `refused ${MARK}`;

let env: Record<string, string>;
let apps: AppProcess[] = [];
let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  env = { ...(await freshSystem()), OPERATOR_TOKEN: TOKEN, LOG_LEVEL: 'trace' };
  const editor = await StoreEditor.openFor(env);
  await editor.refuseContent(REFUSED);
  await editor.close();
  apps = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
    ['metrics', env],
  ]);
  [gateway, ingest] = apps as [AppProcess, AppProcess];
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.end()));
});

const body = (content = `hi ${MARK}`) => ({ fromUser: 'ann', toUser: 'ben', content });
const secret = { 'Idempotency-Key': MARK, Authorization: `Bearer ${MARK}`, Cookie: MARK, 'Causal-Token': MARK };

/** A request of each kind that is refused, with the mark wherever a client can put it. */
const refusals = (): Promise<number[]> => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers });
  const answers: Promise<{ status: number }>[] = [
    post(gateway.url, body(), { ...secret }),
    post(gateway.url, { ...body(), toUser: `${MARK}:` }),
    post(gateway.url, `{"content": "${MARK}"`),
    post(gateway.url, { ...body(), [MARK]: MARK }),
    post(gateway.url, body(MARK.repeat(3000))),
    post(gateway.url, body(), { 'Content-Type': `text/${MARK}` }),
    post(gateway.url, body(), { 'Content-Encoding': 'gzip' }),
    post(gateway.url, body(), { 'X-Request-Id': `${MARK} ` + 'x'.repeat(200), 'Idempotency-Key': ` ${MARK} é` }),
    post(gateway.url, body('another body'), { 'Idempotency-Key': MARK }),
    post(gateway.url, body(), { Lamport: '999999999999999' }),
    get('/dead-letters', { Authorization: `Bearer ${MARK}` }),
    get('/dead-letters/0-0', { Authorization: `Bearer ${TOKEN}` }),
    get(`/messages/${randomUUID()}?${MARK}=1`),
    get(`/messages/${randomUUID()}/trace?token=${TOKEN}`, { Authorization: MARK }),
    get(`/${MARK}`),
    get('/messages/ann/ben', { 'Causal-Token': MARK }),
    get(`/messages/ann/ben?after=${MARK}`),
  ];
  return Promise.all(answers.map(async (answer) => (await answer).status));
};

test('neither contents nor keys, tokens or headers are in any line of any app at the most talkative level', async () => {
  const sent = await post(gateway.url, body(), { Prefer: 'wait=20', 'Idempotency-Key': MARK });
  expect(sent.status).toBe(201);
  expect((await refusals()).every((status) => status >= 400)).toBe(true);

  // Dead letters of each kind that a record can cause, and what an operator does to one.
  const { messageId } = sent.body as Message;
  const record = (value: string | null) => ({
    key: MARK,
    partition: 0,
    value: value === null ? null : Buffer.from(value),
  });
  const dead = await post(gateway.url, body(REFUSED), { Prefer: 'wait=20' });
  expect(dead.headers.get('message-state')).toBe('dead-lettered');
  await appendRaw(env, [
    record(MARK),
    record(`{"content":"${MARK}`),
    record(JSON.stringify({ ...body(), messageId: randomUUID(), toUser: `${MARK}:` })),
    record(JSON.stringify({ ...body(`other ${MARK}`), messageId, timestamp: 1, lamport: 1 })),
    record(null),
  ]);
  const dora = new OperatorClient(gateway.url, TOKEN);
  const letters = await eventually(async () => {
    const listed = await dora.list();
    expect(listed).toHaveLength(6);
    return listed;
  });
  // Such an error is why the line of a dead letter has none.
  expect(letters.some(({ error }) => error.includes(MARK))).toBe(true);
  const refused = letters.find(({ reason }) => reason === 'refused_by_store')!;
  expect((await dora.replay(refused.id, { body: body(`mended ${MARK}`) })).status).toBe(200);
  await dora.discard(letters.find(({ reason }) => reason === 'schema')!.id, { note: MARK });

  // A failure: the document under an id is no message.
  const editor = await StoreEditor.openFor(env);
  try {
    const undo = await editor.change(messageId, { content: { text: MARK } });
    expect((await fetch(`${gateway.url}/messages/${messageId}`)).status).toBe(500);
    await undo();
  } finally {
    await editor.close();
  }
  // The lines of all of that are there, so they were looked through.
  await eventually(async () => {
    expect(ingest.output.match(/"a message became a dead letter"/g)).toHaveLength(6);
    expect(gateway.output).toContain('"route":"/dead-letters/:id/discard"');
    expect(gateway.output).toContain('a stored document is no message');
  });
  const marked = apps.flatMap((app) => app.output.split('\n').filter((line) => line.includes(MARK)));
  expect(marked).toEqual([]);
});

test('a dead letter is one line of ingest, with the ids and the place of its record', async () => {
  const traceId = randomUUID().replaceAll('-', '');
  const headers = { Prefer: 'wait=20', 'X-Request-Id': 'order-4712', traceparent: `00-${traceId}-00f067aa0ba902b7-00` };
  const sent = await post(gateway.url, body(REFUSED), headers);
  const place = Object.fromEntries(new URL(gateway.url + sent.headers.get('location')).searchParams);
  const { messageId } = sent.body as Message;
  const lines = await eventually(async () => {
    const found = ingest.output.split('\n').filter((line) => line.includes(messageId));
    expect(found.length).toBeGreaterThan(0);
    return found;
  });
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({
      ...{ msg: 'a message became a dead letter', messageId, traceId, correlationId: 'order-4712' },
      ...{ partition: Number(place['partition']), offset: Number(place['offset']), reason: 'refused_by_store' },
    }),
  ]);
});
