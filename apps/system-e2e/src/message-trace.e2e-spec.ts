import { randomUUID } from 'node:crypto';
import type { Message, MessageTrace, Problem } from '@wiber/contracts';
import { StoreEditor } from '@wiber/evidence';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { page, post } from './api.client.ts';
import { OperatorClient } from './operator.client.ts';

const TOKEN = 'a-token-of-this-spec-alone';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const OPERATOR = { Authorization: `Bearer ${TOKEN}` };
const REFUSED = 'the validator refuses this';

let gateway: AppProcess;
let ingest: AppProcess;
let dora: OperatorClient;

beforeAll(async () => {
  const env = await freshSystem();
  // Before the apps: it makes the collection.
  const editor = await StoreEditor.openFor(env);
  await editor.refuseContent(REFUSED);
  await editor.close();
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', { ...env, OPERATOR_TOKEN: TOKEN }],
    ['ingest', env],
  ]);
  dora = new OperatorClient(gateway.url, TOKEN);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
});

interface Sent {
  message: Message;
  /** `?partition=…&offset=…` of its Location. */
  query: string;
  partition: number;
  offset: number;
}

const send = async (content: string, headers: Record<string, string> = {}): Promise<Sent> => {
  const sent = await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content }, headers);
  const { search, searchParams } = new URL(gateway.url + sent.headers.get('location'));
  const place = { partition: Number(searchParams.get('partition')), offset: Number(searchParams.get('offset')) };
  return { message: sent.body as Message, query: search, ...place };
};

const ask = (id: string, query = '', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}/messages/${id}/trace${query}`, { headers });

const traceOf = async (...asked: Parameters<typeof ask>): Promise<MessageTrace> => {
  const answer = await ask(...asked);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await answer.json()) as MessageTrace;
};

/** The trace once it has this state. */
const traceWhen = (state: string, { message, query }: Sent, headers = {}): Promise<MessageTrace> =>
  eventually(async () => {
    const trace = await traceOf(message.messageId, query, headers);
    if (trace.state !== state) throw new Error(JSON.stringify(trace));
    return trace;
  });

const codeOf = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as Problem).code,
];

test('a stored message is traced by its id alone: accepted, in the log, taken and stored, each with its time, its clock and its place', async () => {
  const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
  const sent = await send('hi', { Prefer: 'wait=20', 'X-Request-Id': 'request-7', traceparent });
  const { messageId, timestamp, lamport } = sent.message;
  const place = { partition: sent.partition, offset: sent.offset, lamport };
  const trace = await traceOf(messageId);
  expect(trace).toEqual({
    ...{ messageId, state: 'stored', conversationId: 'ann:ben', traceId: TRACE_ID, correlationId: 'request-7' },
    steps: [
      { step: 'accepted', at: timestamp, clock: 'gateway', instance: 'gateway-1', lamport },
      { step: 'logged', at: expect.any(Number) as number, clock: 'broker', ...place },
      { step: 'taken', at: expect.any(Number) as number, clock: 'ingest', instance: 'ingest-1', ...place },
      { step: 'stored', at: expect.any(Number) as number, clock: 'ingest', instance: 'ingest-1', ...place },
    ],
  });
  // One machine has one clock, so here the times can be compared.
  const times = trace.steps.map(({ at }) => at!);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await traceOf(messageId.toUpperCase(), sent.query)).toEqual(trace);
});

test('a dead letter is traced with its reason; its error only for operators; and once it is replayed, by the id alone', async () => {
  const sent = await send(REFUSED);
  const { messageId, lamport } = sent.message;
  const place = { partition: sent.partition, offset: sent.offset, lamport };
  const id = `${sent.partition}-${sent.offset}`;
  const dead = await traceWhen('dead_lettered', sent);
  const rejected = {
    ...{ step: 'dead_lettered', clock: 'ingest', instance: 'ingest-1', reason: 'refused_by_store', attempts: 1 },
    ...{ at: expect.any(Number) as number, partition: 0, offset: expect.any(Number) as number },
    ...{ lamport, deadLetterId: id },
  };
  const before = [
    { step: 'accepted', at: sent.message.timestamp, clock: 'gateway', instance: 'gateway-1', lamport },
    { step: 'logged', at: expect.any(Number) as number, clock: 'broker', ...place },
  ];
  expect(dead.steps).toEqual([...before, { ...rejected, partition: expect.any(Number) as number }]);
  const shown = await traceOf(messageId, sent.query, OPERATOR);
  expect(shown.steps[2]?.error).toContain('Document failed validation');

  const replayed = await dora.replay(id, { body: { fromUser: 'ann', toUser: 'ben', content: 'mended' } });
  expect(replayed.body).toMatchObject({ state: 'replayed', messageId });
  const { partition, offset } = replayed.body;
  const stored = await traceWhen('stored', { ...sent, query: '' }, OPERATOR);
  const again = { partition, offset, lamport: expect.any(Number) as number };
  expect(stored.steps).toEqual([
    ...before,
    { ...rejected, partition: expect.any(Number) as number, error: expect.any(String) as string },
    { step: 'replayed', at: expect.any(Number) as number, clock: 'gateway', operator: 'dora', ...again },
    { step: 'logged', at: expect.any(Number) as number, clock: 'broker', ...again },
    { step: 'taken', at: expect.any(Number) as number, clock: 'ingest', instance: 'ingest-1', ...again },
    { step: 'stored', at: expect.any(Number) as number, clock: 'ingest', instance: 'ingest-1', ...again },
  ]);
  const forAll = await traceOf(messageId);
  expect(JSON.stringify(forAll)).not.toMatch(/dora|"error"|"note"/);
});

test('a discarded letter is traced to its end', async () => {
  const sent = await send(REFUSED);
  await traceWhen('dead_lettered', sent);
  await dora.discard(`${sent.partition}-${sent.offset}`, { note: 'a test of ours' });
  const trace = await traceOf(sent.message.messageId, sent.query, OPERATOR);
  expect(trace.state).toBe('discarded');
  expect(trace.steps.at(-1)).toMatchObject({ step: 'discarded', operator: 'dora', note: 'a test of ours' });
});

test('while ingest is stopped a message is traced to the log by its position, and every other question is refused with its code', async () => {
  await ingest.end();
  const sent = await send('waits');
  const { messageId, timestamp, lamport } = sent.message;
  const { partition, offset } = sent;
  expect(await traceOf(messageId, sent.query)).toMatchObject({
    state: 'pending',
    steps: [
      { step: 'accepted', at: timestamp, instance: 'gateway-1', lamport },
      { step: 'logged', at: expect.any(Number) as number, partition, offset },
    ],
  });
  expect(await codeOf(await ask(messageId))).toEqual([404, 'message_not_found']);
  expect(await codeOf(await ask(randomUUID(), sent.query))).toEqual([404, 'message_not_found']);
  const behind = `?partition=${partition}&offset=${offset + 1}`;
  expect(await codeOf(await ask(messageId, behind))).toEqual([404, 'position_not_found']);
  expect(await codeOf(await ask(messageId, '?partition=1'))).toEqual([400, 'invalid_request']);
  expect(await codeOf(await ask(messageId, '?wait=1'))).toEqual([400, 'invalid_request']);
  expect(await codeOf(await ask(messageId, sent.query, { Authorization: 'Bearer another' }))).toEqual([
    401,
    'unauthorized',
  ]);
});

test('the conversation with a user named trace is read with its names the other way round, as the refusal says', async () => {
  const refused = await ask('ann');
  expect(await refused.json()).toMatchObject({
    code: 'invalid_request',
    detail: expect.stringContaining('/messages/trace/') as string,
  });
  expect(await page(gateway.url, ['trace', 'ann'])).toEqual([]);
});
