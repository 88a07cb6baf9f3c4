import fc from 'fast-check';
import { AppProcess, freshSystem } from '@wiber/harness';
import { PROBLEMS, type Problem, type ProblemCode } from '@wiber/contracts';
import { post } from './api.client.ts';
import { DeclaredAnswers, documentOf, queryNamesOf, type Document } from './openapi.client.ts';

const TOKEN = 'a-token-of-this-spec-alone';
let gateway: AppProcess;

beforeAll(async () => {
  gateway = await AppProcess.start('gateway', { ...(await freshSystem()), OPERATOR_TOKEN: TOKEN });
});

afterAll(async () => {
  await gateway?.end();
});

const good = { fromUser: 'alice', toUser: 'bob', content: 'hi' };

const problemIn = async (answer: Response): Promise<Problem> => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await answer.json()) as Problem;
  expect(problem).toMatchObject({ status: answer.status, title: PROBLEMS[problem.code].title });
  expect(problem.status).toBe(PROBLEMS[problem.code].status);
  expect(problem.detail.length).toBeGreaterThan(0);
  expect(problem.correlationId).toBe(answer.headers.get('x-request-id'));
  return problem;
};

test.each<[string, unknown, string]>([
  ['no fromUser', { toUser: 'bob', content: 'hi' }, 'fromUser'],
  ['an empty toUser', { ...good, toUser: '' }, 'toUser'],
  ['a colon in a username', { ...good, fromUser: 'a:b' }, 'fromUser'],
  ['a slash in a username', { ...good, fromUser: 'a/b' }, 'fromUser'],
  ['a username of 51 characters', { ...good, toUser: 'x'.repeat(51) }, 'toUser'],
  ['a number for a username', { ...good, toUser: 7 }, 'toUser'],
  ['an empty content', { ...good, content: '' }, 'content'],
  ['a content of white space', { ...good, content: ' \n\t' }, 'content'],
  ['a content of 5,001 characters', { ...good, content: 'x'.repeat(5001) }, 'content'],
  ['a lone surrogate', '{"fromUser":"alice","toUser":"bob","content":"a\\ud800"}', 'content'],
  ['an unknown field', { ...good, colour: 'red' }, 'colour'],
  ['a list for a body', [], '(body)'],
  ['null for a body', 'null', '(body)'],
])('POST with %s is refused as invalid_request with the name of the field', async (_, body, field) => {
  const answer = await post(gateway.url, body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect((answer.body as Problem).errors?.map((error) => error.field)).toContain(field);
});

test.each<[ProblemCode, string, RequestInit]>([
  ['malformed_json', '/messages', { method: 'POST', body: '{"a":', headers: { 'Content-Type': 'application/json' } }],
  ['malformed_json', '/messages', { method: 'POST', body: '', headers: { 'Content-Type': 'application/json' } }],
  ['unsupported_media_type', '/messages', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/csv' } }],
  [
    'body_too_large',
    '/messages',
    {
      method: 'POST',
      body: JSON.stringify({ ...good, content: 'x'.repeat(70_000) }),
      headers: { 'Content-Type': 'application/json' },
    },
  ],
  [
    'invalid_request',
    '/messages',
    {
      method: 'POST',
      body: JSON.stringify(good),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'a b' },
    },
  ],
  ['not_found', '/nowhere', {}],
  ['not_found', '/messages/a/b/c', {}],
  ['method_not_allowed', '/messages', { method: 'PUT' }],
  ['method_not_allowed', '/messages/alice/bob', { method: 'DELETE' }],
  ['message_not_found', '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e', {}],
  ['position_not_found', '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=0&offset=5', {}],
  ['position_not_found', '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=4096&offset=0', {}],
  ['invalid_request', '/messages/not-a-uuid', {}],
  ['invalid_request', '/messages/%zz', {}],
  ['invalid_request', '/messages/a%3Ab/bob', {}],
  ['invalid_request', '/messages/alice/bob?limit=0', {}],
  ['invalid_request', '/messages/alice/bob?limit=501', {}],
  ['invalid_request', '/messages/alice/bob?limit=1&limit=2', {}],
  ['invalid_request', '/messages/alice/bob?skip=-1', {}],
  ['invalid_request', '/messages/alice/bob?sort=colour', {}],
  ['invalid_request', '/messages/alice/bob?order=up', {}],
  ['invalid_request', '/messages/alice/bob?after=zzz', {}],
  ['invalid_request', '/messages/alice/bob?colour=red', {}],
  ['invalid_request', '/messages/count?user1=a%2Fb', {}],
  ['invalid_request', '/users/a%3Ab/messages', {}],
  ['invalid_request', '/users/alice/messages?sort=log', {}],
  ['unauthorized', '/dead-letters', {}],
  ['method_not_allowed', '/dead-letters/0-1', { method: 'DELETE' }],
])('%s is the code with which %s is refused', async (code, path, init) => {
  const answer = await fetch(gateway.url + path, init);
  const problem = await problemIn(answer);
  expect(problem.code).toBe(code);
  if (code === 'method_not_allowed') expect(answer.headers.get('allow')).toMatch(/^(GET|POST)/);
});

test('message_pending is the code of an accepted message that is not stored, with Retry-After', async () => {
  // No ingest runs in this spec.
  const sent = await post(gateway.url, good);
  const answer = await fetch(gateway.url + sent.headers.get('location'));
  expect((await problemIn(answer)).code).toBe('message_pending');
  expect(answer.headers.get('retry-after')).toBe('1');
});

test('an X-Request-Id is returned, and one of a wrong form is replaced', async () => {
  const good = await fetch(`${gateway.url}/health/liveness`, { headers: { 'X-Request-Id': 'trace-7' } });
  expect(good.headers.get('x-request-id')).toBe('trace-7');
  const bad = await fetch(`${gateway.url}/health/liveness`, { headers: { 'X-Request-Id': 'x'.repeat(200) } });
  expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'alice',
    'bob',
    '.',
    '..',
    '__proto__',
    '0',
    '1',
    '50',
    '501',
    '-1',
    'asc',
    'desc',
    'log',
    'timestamp',
    '0-1',
    'dlq-0-1',
    'waiting',
    'schema',
  ),
  fc.constantFrom('1_2', '1_0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e', '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e'),
);
// fetch accepts only these in a header: Latin-1 without control characters.
const headerValue = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x20 : code)),
  }),
  fc.constantFrom('k-1', 'k-1', 'k-2', 'wait=0', 'wait=abc', 'wait=0, respond-async', 'wait="0"; x', 'trace-7', ''),
);
const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('application/json; charset=utf-8', 'application/json; charset=x', 'text/plain'),
  },
  { weight: 1, arbitrary: headerValue },
);

/** Bodies made from a schema of the document: with right, wrong and missing fields, and with unknown ones. */
const bodyBy = (schema: object, document: Document): fc.Arbitrary<string | Uint8Array> => {
  const { $ref = '' } = schema as { $ref?: string };
  const fields = Object.keys(document.components.schemas[$ref.split('/').at(-1) ?? '']?.properties ?? {});
  // Few values: some requests must have the same sender and key with different bodies.
  const right = Object.fromEntries(fields.map((field) => [field, fc.constantFrom('alice', 'bob', 'carol')]));
  const wild = Object.fromEntries(fields.map((field) => [field, fc.oneof(text, fc.jsonValue())]));
  const extra = fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'messageId', 'x'), fc.jsonValue(), {
    maxKeys: 2,
  });
  return fc.oneof(
    fc.record(right).map((value) => JSON.stringify(value)),
    fc.record(wild, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
    fc.tuple(fc.record(right), extra).map((parts) => JSON.stringify(Object.assign({}, ...parts))),
    fc.json(),
    fc.string().map((value) => value.toWellFormed()),
    fc.uint8Array({ maxLength: 100 }),
  );
};

/** Headers whose values a random text hardly ever is: most requests would be refused for them alone. */
const OFTEN_RIGHT: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'Idempotency-Key': fc.constantFrom('k-1', 'k-2'),
  Lamport: fc.constantFrom('0', '7', '41'),
  'Causal-Token': fc.constantFrom('68f0a1b200000003', '68f0a1b200000003-2a'),
};
const headerOf = (name: string): fc.Arbitrary<string | undefined> => {
  const right = OFTEN_RIGHT[name];
  const value = right ? fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: headerValue }) : headerValue;
  return fc.option(value, { nil: undefined, freq: 2 });
};

/** The document declares these statuses once for all operations. */
const ANYWHERE = new Set([204, 404, 405, 414]);

test('10,000 requests generated from the document get no 5xx and no hang, and the document declares each answer', async () => {
  const document = await documentOf(gateway.url);
  const declared = new DeclaredAnswers(document);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.length).toBeGreaterThanOrEqual(8);
  const bodiesOf = ({ operation }: (typeof operations)[number]) =>
    Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => bodyBy(schema, document));
  const anyBody = fc.oneof(...operations.flatMap(bodiesOf));
  // Scraping all metrics so often would only make the test slow.
  const anyOperation = fc.constantFrom(...operations.filter(({ path }) => path !== '/metrics'));
  const sends = fc.constantFrom(...operations.filter(({ path, method }) => path === '/messages' && method === 'post'));
  // Only few sends share a sender and a key: a third of the requests, however many operations the document has.
  const chosenOf = fc.oneof({ weight: 2, arbitrary: anyOperation }, { weight: 1, arbitrary: sends });
  const headersOf = ({ operation }: (typeof operations)[number]) =>
    (operation.parameters ?? []).filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  const requestOf = (chosen: (typeof operations)[number]) =>
    fc.record({
      chosen: fc.constant(chosen),
      method: fc.option(fc.constantFrom('get', 'post', 'put', 'delete', 'patch', 'options', 'head'), {
        nil: undefined,
        freq: 8,
      }),
      values: fc.array(text, { minLength: 8, maxLength: 8 }),
      headers: fc.tuple(...headersOf(chosen).map(headerOf)),
      contentType,
      body: fc.oneof(...bodiesOf(chosen).map((arbitrary) => ({ weight: 5, arbitrary })), anyBody),
      token: fc.constantFrom(`Bearer ${TOKEN}`, `Bearer ${TOKEN}`, 'Bearer x', 'Basic eDp5', ''),
    });
  const request = chosenOf.chain(requestOf);
  type Generated = typeof request extends fc.Arbitrary<infer T> ? T : never;
  const codes = new Map<number, number>();
  const send = async ({ chosen, method, values, headers, contentType: type, body, token }: Generated) => {
    const { path: pattern, operation } = chosen;
    const value = (index: number) => encodeURIComponent((values[index % values.length] ?? '').toWellFormed());
    let index = 0;
    const path = pattern.replace(/\{[^}]+\}/g, () => value(index++) || 'x');
    const query = queryNamesOf(operation)
      .filter(() => (values[index]?.length ?? 0) % 2 === 0)
      .map((name) => `${name}=${value(index++)}`);
    const given = headersOf(chosen).flatMap((name, at) =>
      headers[at] === undefined ? [] : [[name, headers[at]] as [string, string]],
    );
    const verb = method ?? chosen.method;
    const answer = await fetch(`${gateway.url}${path}?${query.join('&')}`, {
      method: verb.toUpperCase(),
      signal: AbortSignal.timeout(20_000),
      headers: [...given, ['Content-Type', type], ['Authorization', token]],
      ...(verb === 'get' || verb === 'head' ? {} : { body: body as NonNullable<RequestInit['body']> }),
    });
    codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
    expect(answer.status).toBeLessThan(500);
    if (verb === 'head') return expect(await answer.text()).toBe('');
    if (answer.status >= 400) await problemIn(answer.clone());
    // A live stream does not end: look-stream.e2e-spec.ts reads it.
    if (answer.headers.get('content-type') === 'text/event-stream') return answer.body?.cancel();
    // fetch changes a path that has dots; the answer is then that of another operation.
    const same = verb === chosen.method && new URL(answer.url).pathname === path;
    if (same && !ANYWHERE.has(answer.status))
      expect(await declared.faultsOf(answer, { path: pattern, method: verb })).toEqual([]);
    else await answer.arrayBuffer();
  };
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (batch) => {
      await Promise.all(batch.map(send));
    }),
    { numRuns: 500, endOnFailure: true },
  );
  expect([...codes.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(10_000);
  for (const code of [200, 202, 204, 400, 401, 404, 405, 409, 415])
    expect([code, codes.get(code)]).toEqual([code, expect.any(Number)]);
}, 240_000);
