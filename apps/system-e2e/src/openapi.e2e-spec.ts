import { Validator } from '@seriousme/openapi-schema-validator';
import { PROBLEMS, STATS_METRICS, deadLetterTopicOf, type Message } from '@wiber/contracts';
import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';
import { overview } from './stats.client.ts';
import { DeclaredAnswers, documentOf, type Document, type Operation } from './openapi.client.ts';

const TOKEN = 'a-token-of-this-spec-alone';
let closed: AppProcess;
let gateway: AppProcess;
let ingest: AppProcess;
let metrics: AppProcess;
let document: Document;

beforeAll(async () => {
  const env = await freshSystem();
  [gateway, closed, ingest, metrics] = await AppProcess.startAll([
    ['gateway', { ...env, OPERATOR_TOKEN: TOKEN }],
    ['gateway', env],
    ['ingest', env],
    ['metrics', env],
  ]);
  await appendRaw(
    { ...env, KAFKA_TOPIC: deadLetterTopicOf(env['KAFKA_TOPIC']!) },
    Array.from({ length: 2 }, () => ({ key: 'a:b', partition: 0, value: Buffer.from('x') })),
  );
  document = await documentOf(gateway.url);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), closed?.end(), ingest?.end(), metrics?.end()]);
});

test('the document is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
});

test('every operation, parameter, answer and field is described, and every field of a message has an example', () => {
  const bare: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const at = `${method} ${path}`;
      if (!operation.summary) bare.push(at);
      for (const { name, description } of operation.parameters ?? []) if (!description) bare.push(`${at} ${name}`);
      for (const [status, { description, headers = {} }] of Object.entries(operation.responses)) {
        if (!description) bare.push(`${at} ${status}`);
        for (const [name, header] of Object.entries(headers)) if (!header.description) bare.push(`${at} ${name}`);
      }
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    for (const [field, { description, example, type }] of Object.entries(schema.properties ?? {})) {
      if (!description || (type !== 'array' && example === undefined)) bare.push(`${name}.${field}`);
    }
  }
  expect(bare).toEqual([]);
});

test('every error is declared as application/problem+json, and every 503 with Retry-After', () => {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, { content = {}, headers = {} }] of Object.entries(operation.responses)) {
      expect(Object.keys(headers)).toContain('X-Request-Id');
      if (Number(status) < 400 || /ReadinessDto|ServingDto/.test(JSON.stringify(content))) continue;
      expect(Object.keys(content)).toEqual(['application/problem+json']);
      if (status === '503') expect(Object.keys(headers)).toContain('Retry-After');
    }
  }
  const { responses } = document.paths['/messages']!['post']!;
  for (const status of ['201', '202']) expect(Object.keys(responses[status]!.headers!)).toContain('Location');
  expect(Object.keys(responses['201']!.headers!)).toContain('Preference-Applied');
  expect(Object.keys(document.paths['/messages/{user1}/{user2}']!['get']!.responses['200']!.headers!)).toContain(
    'Link',
  );
});

test('the document has the closed list of codes', () => {
  const code = document.components.schemas['ProblemDto']?.properties?.['code'] as { enum?: string[] };
  expect(code.enum).toEqual(Object.keys(PROBLEMS));
});

interface Call {
  status: number;
  path: string;
  at: string;
  init: RequestInit;
}

const expectDeclared = async (app: AppProcess, calls: Call[]): Promise<void> => {
  const declared = new DeclaredAnswers(document);
  for (const { status, path, at, init } of calls) {
    const answer = await fetch(app.url + at, init);
    expect({ at, status: answer.status }).toEqual({ at, status });
    expect(await declared.faultsOf(answer, { path, method: (init.method ?? 'GET').toLowerCase() })).toEqual([]);
  }
};

const isForOperators = (path: string): boolean =>
  path.startsWith('/dead-letters') || ['/stats/busiest', '/stats/servers', '/stats/clocks'].includes(path);

test('the gateway answers what its document declares', async () => {
  const message = { fromUser: 'ann', toUser: 'ben', content: 'hi' };
  const sent = await post(gateway.url, message, { Prefer: 'wait=20' });
  expect(sent.status).toBe(201);
  await post(gateway.url, message, { 'Idempotency-Key': 'k' });
  const one = '/messages/{messageId}';
  const trace = `${one}/trace`;
  const pair = '/messages/{user1}/{user2}';
  const user = '/users/{user}/messages';
  const id = (sent.body as Message).messageId;
  const send = (body: unknown, headers: Record<string, string> = {}) => ({
    path: '/messages',
    at: '/messages',
    init: {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    } as RequestInit,
  });
  const get = (path: string, at: string) => ({ path, at, init: {} as RequestInit });
  const calls: Call[] = [
    { status: 202, ...send(message) },
    { status: 201, ...send(message, { Prefer: 'wait=20' }) },
    { status: 400, ...send({}) },
    { status: 400, ...send('{') },
    { status: 409, ...send({ ...message, content: 'other' }, { 'Idempotency-Key': 'k' }) },
    { status: 413, ...send('x'.repeat(70_000)) },
    { status: 415, ...send(message, { 'Content-Type': 'text/plain' }) },
    { status: 200, ...get(one, `/messages/${id}`) },
    { status: 400, ...get(one, '/messages/x') },
    { status: 404, ...get(one, '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e') },
    { status: 404, ...get(one, '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=0&offset=99999') },
    { status: 200, ...get(trace, `/messages/${id}/trace`) },
    { status: 400, ...get(trace, '/messages/ann/trace') },
    { status: 404, ...get(trace, '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e/trace') },
    { status: 401, ...get(trace, `/messages/${id}/trace`), init: { headers: { Authorization: 'Bearer x' } } },
    { status: 200, ...get(pair, '/messages/ann/ben?limit=1') },
    { status: 400, ...get(pair, '/messages/ann/ben?limit=0') },
    { status: 200, ...get(user, '/users/ann/messages') },
    { status: 400, ...get(user, '/users/a:b/messages') },
    { status: 200, ...get('/messages/count', '/messages/count?user1=ann') },
    { status: 200, ...get('/messages/count', '/messages/count') },
    { status: 400, ...get('/messages/count', '/messages/count?x=1') },
    { status: 200, ...get('/stats/overview', '/stats/overview') },
    { status: 400, ...get('/stats/overview', '/stats/overview?x=1') },
    ...STATS_METRICS.map((metric) => ({ status: 200, ...get('/stats/series', `/stats/series?metric=${metric}`) })),
    { status: 400, ...get('/stats/series', '/stats/series?metric=speed') },
    { status: 200, ...get('/stats/partitions', '/stats/partitions') },
    { status: 200, ...get('/stats/leader', '/stats/leader') },
    { status: 400, ...get('/stats/leader', '/stats/leader?limit=0') },
    { status: 200, ...get('/stats/stream', '/stats/stream?looks=2') },
    { status: 400, ...get('/stats/stream', '/stats/stream?looks=0') },
    { status: 200, ...get('/health/liveness', '/health/liveness') },
    { status: 200, ...get('/health/readiness', '/health/readiness') },
    { status: 200, ...get('/health/serving', '/health/serving') },
    { status: 200, ...get('/metrics', '/metrics') },
  ];
  await eventually(async () => expect((await overview(gateway.url)).stored.total).toBeGreaterThan(0));
  await expectDeclared(gateway, calls);
  const called = new Set(calls.map(({ path }) => path));
  const left = Object.keys(document.paths).filter((path) => !called.has(path));
  expect(left.filter((path) => !isForOperators(path))).toEqual([]);
});

/** The request that Swagger UI makes when nobody changes its fields; undefined where a field must be filled in. */
const exampleOf = (
  path: string,
  { parameters = [], requestBody }: Operation,
): { at: string; init: RequestInit } | undefined => {
  const url = new URL(path, gateway.url);
  let filled = path;
  const headers: Record<string, string> = {};
  for (const { name, in: place, required, schema, example = schema.example ?? schema.default } of parameters) {
    if (typeof example === 'object' && example !== null) continue;
    if (example === undefined || example === null) {
      if (required && schema.enum === undefined) return undefined;
      if (!required) continue;
    }
    const value = String(example ?? schema.enum![0]);
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') url.searchParams.set(name, value);
    else headers[name] = value;
  }
  if (!requestBody) return { at: filled + url.search, init: { headers } };
  const ref = (requestBody.content['application/json']!.schema as { $ref: string }).$ref.split('/').at(-1)!;
  const fields = Object.entries(document.components.schemas[ref]!.properties!);
  const body = JSON.stringify(Object.fromEntries(fields.map(([name, { example }]) => [name, example])));
  return {
    at: filled + url.search,
    init: { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body },
  };
};

test('every example runs as it stands, and only what names a message must be filled in', async () => {
  const open: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    if (isForOperators(path)) continue;
    for (const operation of Object.values(operations)) {
      const request = exampleOf(path, operation);
      if (!request) {
        open.push(path);
        continue;
      }
      const answer = await fetch(gateway.url + request.at, request.init);
      const text = await answer.text();
      expect({ at: request.at, status: answer.status, text: answer.ok ? '' : text }).toMatchObject({ text: '' });
    }
  }
  expect(open.toSorted()).toEqual(['/messages/{messageId}', '/messages/{messageId}/trace']);
});

test('the document explains each code, and leads to the console', () => {
  const { description } = document.info;
  for (const code of Object.keys(PROBLEMS)) expect(description).toContain(`| \`${code}\` |`);
  expect(description).toContain('](/console)');
});

test('operators are answered what the document declares', async () => {
  const operator = { Authorization: `Bearer ${TOKEN}` };
  const list = '/dead-letters';
  const one = '/dead-letters/{id}';
  const get = (path: string, at: string, headers: Record<string, string> = operator) => {
    return { path, at, init: { headers } as RequestInit };
  };
  const post = (action: 'replay' | 'discard', id: string, body?: unknown) => ({
    path: `${one}/${action}`,
    at: `${list}/${id}/${action}`,
    init: {
      method: 'POST',
      headers: { ...operator, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    } as RequestInit,
  });
  await eventually(async () => {
    const answer = await fetch(`${gateway.url}${list}`, { headers: operator });
    expect(await answer.json()).toHaveLength(2);
  });
  const message = { fromUser: 'ann', toUser: 'ben', content: 'hi' };
  const calls: Call[] = [
    { status: 200, ...get(list, `${list}?reason=unknown&state=waiting&limit=1`) },
    { status: 400, ...get(list, `${list}?limit=0`) },
    { status: 401, ...get(list, list, {}) },
    { status: 200, ...get(one, `${list}/dlq-0-0`) },
    { status: 400, ...get(one, `${list}/x`) },
    { status: 401, ...get(one, `${list}/dlq-0-0`, { Authorization: 'Bearer x' }) },
    { status: 404, ...get(one, `${list}/7-7`) },
    { status: 400, ...post('replay', 'dlq-0-0', { x: 1 }) },
    { status: 404, ...post('replay', '7-7') },
    { status: 409, ...post('replay', 'dlq-0-0') },
    { status: 200, ...post('replay', 'dlq-0-0', { body: message, force: true }) },
    { status: 200, ...get(one, `${list}/dlq-0-0`) },
    { status: 409, ...post('replay', 'dlq-0-0', { body: { ...message, content: 'other' } }) },
    { status: 409, ...post('discard', 'dlq-0-0') },
    { status: 413, ...post('replay', 'dlq-0-0', 'x'.repeat(70_000)) },
    { status: 400, ...post('discard', 'dlq-0-1', { note: 1 }) },
    { status: 404, ...post('discard', '7-7') },
    { status: 200, ...post('discard', 'dlq-0-1', { note: 'a test' }) },
    { status: 409, ...post('replay', 'dlq-0-1') },
    { status: 200, ...get('/stats/busiest', '/stats/busiest?step=minute') },
    { status: 400, ...get('/stats/busiest', '/stats/busiest?step=day') },
    { status: 401, ...get('/stats/busiest', '/stats/busiest', {}) },
    { status: 200, ...get('/stats/servers', '/stats/servers') },
    { status: 400, ...get('/stats/servers', '/stats/servers?x=1') },
    { status: 401, ...get('/stats/servers', '/stats/servers', {}) },
    { status: 200, ...get('/stats/clocks', '/stats/clocks') },
    { status: 400, ...get('/stats/clocks', '/stats/clocks?x=1') },
    { status: 401, ...get('/stats/clocks', '/stats/clocks', {}) },
  ];
  await eventually(async () => {
    for (const path of ['/stats/servers', '/stats/clocks'])
      expect((await fetch(gateway.url + path, { headers: operator })).status).toBe(200);
  });
  await expectDeclared(gateway, calls);
  const shut = calls.filter(({ status }) => status === 200).map((call) => ({ ...call, status: 403 }));
  await expectDeclared(closed, shut);
  const called = new Set(calls.map(({ path }) => path));
  expect([...called].toSorted()).toEqual(Object.keys(document.paths).filter(isForOperators).toSorted());
});
