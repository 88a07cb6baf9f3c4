import { gzipSync } from 'node:zlib';
import { PROBLEMS, type Message, type Problem, type ProblemCode } from '@wiber/contracts';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { countIn } from './api.client.ts';
import { talk, talkHalfClosed, wire, type RawAnswer } from './raw.client.ts';

let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  const env = await freshSystem();
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', { ...env, API_REQUEST_TIMEOUT_MS: '3000' }],
    ['ingest', env],
  ]);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
const bodyOf = (fields: object = {}) => JSON.stringify({ fromUser: 'alice', toUser: 'bob', content: 'hi', ...fields });

const expectProblem = (answer: RawAnswer | undefined, code: ProblemCode): Problem => {
  expect(answer).toMatchObject({
    status: PROBLEMS[code].status,
    headers: { 'content-type': 'application/problem+json' },
  });
  const problem = JSON.parse(answer?.body ?? '') as Problem;
  expect(problem).toMatchObject({ code, status: answer?.status, correlationId: answer?.headers['x-request-id'] });
  expect(problem.detail.length).toBeGreaterThan(10);
  return problem;
};

const chunked = (...chunks: string[]): string =>
  [...chunks, ''].map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('');

test.each<[string, ProblemCode, (string | Buffer)[]]>([
  ['bytes that are not HTTP', 'invalid_request', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']],
  ['a line of nonsense', 'invalid_request', ['hello gateway\r\n\r\n']],
  ['an HTTP/2 preface', 'invalid_request', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
  ['a method that does not exist', 'invalid_request', [wire('BREW /messages')]],
  ['a header without a name', 'invalid_request', [`GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n`]],
  ['a space before the colon of a header', 'invalid_request', [`GET / HTTP/1.1\r\nHost : x\r\n\r\n`]],
  ['no Host', 'invalid_request', [`GET /messages/count HTTP/1.1\r\nConnection: close\r\n\r\n`]],
  ['two Host lines', 'invalid_request', [wire('GET /messages/count', { Host: 'x\r\nHost: y' })]],
  ['a Host that is no host', 'invalid_request', [wire('GET /messages/count', { Host: 'x/y' })]],
  [
    'both Content-Length and Transfer-Encoding',
    'invalid_request',
    [
      wire('POST /messages', { ...JSON_TYPE, 'Content-Length': '4', 'Transfer-Encoding': 'chunked' }),
      chunked(bodyOf()),
    ],
  ],
  [
    'two lengths that differ',
    'invalid_request',
    [`POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
  ],
  ['a length that is not a number', 'invalid_request', [wire('POST /messages', { 'Content-Length': '+5' })]],
  [
    'a transfer coding that hides the length',
    'invalid_request',
    [wire('POST /messages', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked, gzip' }), chunked(bodyOf())],
  ],
  [
    'a chunk whose size is not a number',
    'invalid_request',
    [wire('POST /messages', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }), 'zz\r\nabc\r\n0\r\n\r\n'],
  ],
  ['headers of 20 KiB', 'headers_too_large', [wire('GET /messages/count', { 'X-Long': 'x'.repeat(20_000) })]],
  ['a path of 20 KiB', 'headers_too_large', [wire(`GET /messages/${'x'.repeat(20_000)}`)]],
  ['a name of 3,000 bytes in the path', 'uri_too_long', [wire(`GET /messages/${'x'.repeat(3000)}/bob`)]],
  ['an unknown expectation', 'expectation_failed', [wire('POST /messages', { Expect: 'a-miracle' })]],
  ['CONNECT to another host', 'method_not_allowed', [wire('CONNECT example.org:443')]],
  ['OPTIONS of an unknown path', 'not_found', [wire('OPTIONS /nowhere')]],
  ['a header that never ends', 'request_timeout', ['GET /messages/count HTTP/1.1\r\nHost: x\r\nX-Slow: ']],
  [
    'a body that never ends',
    'request_timeout',
    [wire('POST /messages', { ...JSON_TYPE, 'Content-Length': '500' }), '{"fromUser":'],
  ],
  [
    'a chunked body over 64 KiB',
    'body_too_large',
    [
      wire('POST /messages', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }),
      chunked(...Array<string>(9).fill('x'.repeat(8192))),
    ],
  ],
  ['a length over 64 KiB', 'body_too_large', [wire('POST /messages', JSON_TYPE, 'x'.repeat(65_537))]],
  ['no Content-Type', 'unsupported_media_type', [wire('POST /messages', {}, bodyOf())]],
  [
    'a form',
    'unsupported_media_type',
    [wire('POST /messages', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'fromUser=a&toUser=b&content=c')],
  ],
  ['plain text', 'unsupported_media_type', [wire('POST /messages', { 'Content-Type': 'text/plain' }, bodyOf())]],
  [
    'a problem',
    'unsupported_media_type',
    [wire('POST /messages', { 'Content-Type': 'application/problem+json' }, bodyOf())],
  ],
  [
    'Latin-1',
    'unsupported_media_type',
    [wire('POST /messages', { 'Content-Type': 'application/json; charset=latin1' }, bodyOf())],
  ],
  [
    'a gzip body',
    'unsupported_encoding',
    [wire('POST /messages', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, gzipSync(bodyOf()))],
  ],
  [
    'a body that only claims to be gzip',
    'unsupported_encoding',
    [wire('POST /messages', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, bodyOf())],
  ],
  ['QUERY of a known path', 'method_not_allowed', [wire('QUERY /messages')]],
  ['QUERY of an unknown path', 'not_found', [wire('QUERY /nowhere')]],
  [
    'a name of a letter and 32,400 marks',
    'invalid_request',
    [wire('POST /messages', JSON_TYPE, bodyOf({ toUser: `e${'\u0301'.repeat(32_400)}` }))],
  ],
  [
    'a name that does not show',
    'invalid_request',
    [wire('POST /messages', JSON_TYPE, bodyOf({ toUser: 'bob\ufe0f' }))],
  ],
  ['a name in the path that does not show', 'invalid_request', [wire('GET /users/%E3%85%A4/messages')]],
  ['no body', 'invalid_request', [wire('POST /messages')]],
  [
    'bytes that are not UTF-8',
    'malformed_json',
    [wire('POST /messages', JSON_TYPE, Buffer.from(bodyOf({ content: 'caf\u00e9' }), 'latin1'))],
  ],
  [
    'a field twice',
    'malformed_json',
    [wire('POST /messages', JSON_TYPE, '{"toUser":"bob","fromUser":"a","toUser":"eve","content":"x"}')],
  ],
  [
    '__proto__',
    'invalid_request',
    [wire('POST /messages', JSON_TYPE, '{"fromUser":"a","toUser":"b","content":"c","__proto__":{"x":1}}')],
  ],
  ['constructor', 'invalid_request', [wire('POST /messages', JSON_TYPE, bodyOf({ constructor: { prototype: {} } }))]],
  [
    'a number past every double',
    'invalid_request',
    [wire('POST /messages', JSON_TYPE, '{"fromUser":"a","toUser":"b","content":1e999}')],
  ],
  [
    '30,000 nested lists',
    'invalid_request',
    [wire('POST /messages', JSON_TYPE, '['.repeat(30_000) + ']'.repeat(30_000))],
  ],
  ['NUL in a name', 'invalid_request', [wire('POST /messages', JSON_TYPE, bodyOf({ toUser: 'b\0b' }))]],
  ['NUL in the path', 'invalid_request', [wire('GET /messages/a%00/bob')]],
  ['%2F in a name', 'invalid_request', [wire('GET /messages/a%2Fb/bob')]],
  ['a name that is not UTF-8', 'invalid_request', [wire('GET /messages/%ff/bob')]],
  ['an empty name', 'not_found', [wire('GET /messages//bob')]],
  ['the document as YAML', 'not_found', [wire('GET /docs-yaml')]],
  ['dot segments under the docs', 'not_found', [wire('GET /docs/../package.json')]],
  ['encoded dot segments under the docs', 'not_found', [wire('GET /docs/%2e%2e%2fpackage.json')]],
])('%s is refused as %s and the connection ends', async (_, code, chunks) => {
  const answers = await talk(gateway.url, ...chunks);
  expect(answers).toHaveLength(1);
  expectProblem(answers[0], code);
});

const KEEP = { Connection: 'keep-alive' };
const sendTo = (toUser: string, headers: Record<string, string> = KEEP) =>
  wire('POST /messages', { ...JSON_TYPE, ...headers }, bodyOf({ toUser }));

test('garbage after a request does not replace its answer', async () => {
  const answers = await talk(gateway.url, Buffer.concat([sendTo('garbage'), Buffer.from('garbage\r\n\r\n')]));
  for (const { status } of answers.slice(0, 1)) expect(status).toBe(202);
  await eventually(async () => expect(await countIn(gateway.url, 'alice', 'garbage')).toBe(1));
});

test.each<[string, ProblemCode, string | Buffer]>([
  ['garbage', 'invalid_request', 'garbage\r\n\r\n'],
  ['CONNECT', 'method_not_allowed', wire('CONNECT example.org:443', KEEP)],
  ['an unknown expectation', 'expectation_failed', wire('POST /messages', { Expect: 'a-miracle' })],
  ['a header of 20 KiB', 'headers_too_large', wire('GET /messages/count', { 'X-Long': 'x'.repeat(20_000) })],
  ['a body that is no JSON', 'malformed_json', wire('POST /messages', JSON_TYPE, '{')],
  [
    'a body that never ends',
    'request_timeout',
    wire('POST /messages', { ...JSON_TYPE, 'Content-Length': '500' }, '{"fromUser":'),
  ],
])(
  'of two messages and then %s in one write both messages are answered, and then comes %s',
  async (what, code, odd) => {
    const sends = ['one', 'two'].map((name) => sendTo(name, { ...KEEP, Prefer: 'wait=20' }));
    const [one, two, refusal, ...more] = await talk(gateway.url, Buffer.concat([...sends, Buffer.from(odd)]));
    expect([one, two].map((answer) => [answer?.status, (JSON.parse(answer?.body ?? '') as Message).toUser])).toEqual([
      [201, 'one'],
      [201, 'two'],
    ]);
    expectProblem(refusal, code);
    expect([what, more]).toEqual([what, []]);
  },
);

test('bytes after a request that closes its connection change nothing, also when they are a request', async () => {
  for (const [name, more] of [
    ['last', 'garbage\r\n\r\n'],
    ['last2', sendTo('after').toString()],
  ] as const) {
    const answers = await talk(gateway.url, sendTo(name, { Connection: 'close', Prefer: 'wait=20' }), more);
    expect(answers.map(({ status }) => status)).toEqual([201]);
  }
  expect(await countIn(gateway.url, 'alice', 'after')).toBe(0);
});

test('a message behind a refused one on its connection is taken and answered', async () => {
  const refused = [
    wire('POST /messages', { ...JSON_TYPE, ...KEEP }, '{"'),
    wire('POST /messages', { ...JSON_TYPE, ...KEEP, 'Content-Encoding': 'gzip' }, 'x'),
    wire('POST /messages', { ...JSON_TYPE, ...KEEP, Expect: 'a-miracle' }, bodyOf()),
    wire('POST /messages', { ...JSON_TYPE, ...KEEP }, 'x'.repeat(70_000)),
  ];
  const answers = await talk(gateway.url, Buffer.concat([...refused, sendTo('behind', { Connection: 'close' })]));
  expect(answers.map(({ status }) => status)).toEqual([400, 415, 417, 413, 202]);
});

const ASKS_H2C = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAARAAAAA' };
const ASKS_WEBSOCKET = { Connection: 'keep-alive, Upgrade', Upgrade: 'websocket' };

test.each([
  ['h2c', ASKS_H2C],
  ['websocket', ASKS_WEBSOCKET],
])('requests that ask for %s, and those behind them in one write, are answered in order', async (_, asks) => {
  const requests = [
    wire('GET /messages/count', asks),
    sendTo('asks', { ...asks, Prefer: 'wait=20' }),
    wire('GET /docs', asks),
    sendTo('behind', { ...KEEP, Prefer: 'wait=20' }),
    wire('GET /nowhere', asks),
  ];
  const codes = async (last: Buffer | string) => {
    const answers = await talk(gateway.url, Buffer.concat([...requests, Buffer.from(last)]));
    return answers.map(({ status }) => status);
  };
  const answered = [200, 201, 200, 201, 404];
  expect(await codes(wire('GET /messages/count'))).toEqual([...answered, 200]);
  expect(await codes(wire('CONNECT example.org:443', KEEP))).toEqual([...answered, 405]);
  // Node reports no error of what comes behind such a request.
  expect(await codes('garbage\r\n\r\n')).toEqual([...answered, 400]);
  expect(await codes('GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n')).toEqual([...answered, 400]);
});

test('ingest, too, answers what comes in one write behind a request that asks for another protocol', async () => {
  const first = wire('GET /health/liveness', ASKS_H2C);
  const answers = await talk(ingest.url, Buffer.concat([first, first, wire('GET /health/serving')]));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test.each<[string, number]>([
  ['keep-alive', 10],
  ['close', 10],
  ['close', 20],
])('a client that asks for %s and sends %i MiB reads body_too_large, each time', async (connection, mib) => {
  const head = wire('POST /messages', { ...JSON_TYPE, Connection: connection, 'Content-Length': `${mib * 2 ** 20}` });
  const chunks = Array<Buffer>(mib).fill(Buffer.alloc(2 ** 20, 'x'));
  const next = connection === 'close' ? [] : [wire('GET /messages/count')];
  for (let time = 0; time < 10; time += 1) {
    const [refusal, ...more] = await talk(gateway.url, head, ...chunks, ...next);
    expectProblem(refusal, 'body_too_large');
    expect(more.map(({ status }) => status)).toEqual(next.map(() => 200));
  }
});

test('a body of 10 MB in chunks gets the whole answer 413 each time, though its client sends on', async () => {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const head = 'POST /messages HTTP/1.1\r\nHost: wiber\r\nContent-Type: application/json\r\n';
  const bytes = Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(160)}0\r\n\r\n`);
  for (let time = 0; time < 30; time += 1) {
    const answers = await talk(gateway.url, bytes);
    expect(answers).toHaveLength(1);
    expectProblem(answers[0], 'body_too_large');
  }
});

test('a request inside a body is not executed', async () => {
  const inner = wire('POST /messages', JSON_TYPE, bodyOf({ toUser: 'smuggled' })).toString();
  const [answer, ...more] = await talk(gateway.url, wire('POST /messages', JSON_TYPE, inner));
  expectProblem(answer, 'malformed_json');
  expect(more).toEqual([]);
});

test.each<[string, string, string]>([
  ['/messages', 'POST', 'POST, OPTIONS'],
  ['/messages/alice/bob', 'GET', 'GET, HEAD, OPTIONS'],
  ['/messages/count', 'GET', 'GET, HEAD, OPTIONS'],
  ['/metrics', 'GET', 'GET, HEAD, OPTIONS'],
  ['/docs', 'GET', 'GET, HEAD, OPTIONS'],
  ['/docs-json', 'GET', 'GET, HEAD, OPTIONS'],
  ['/docs/swagger-ui-bundle.js', 'GET', 'GET, HEAD, OPTIONS'],
])('OPTIONS %s names the allowed methods, and another method is 405 with the same list', async (path, _, allow) => {
  const [options] = await talk(gateway.url, wire(`OPTIONS ${path}`));
  expect(options).toMatchObject({ status: 204, headers: { allow }, body: '' });
  const [refused] = await talk(gateway.url, wire(`DELETE ${path}`));
  expectProblem(refused, 'method_not_allowed');
  expect(refused?.headers['allow']).toBe(allow);
});

test.each<[string, number, string | undefined]>([
  ['OPTIONS http://wiber:8000/messages', 204, 'POST, OPTIONS'],
  ['DELETE http://wiber:8000/messages?x=1', 405, 'POST, OPTIONS'],
  ['GET http://wiber:8000/messages/count', 200, undefined],
  ['GET http://wiber:8000', 404, undefined],
  ['OPTIONS *', 204, 'GET, HEAD, POST, OPTIONS'],
])('the absolute target of %s is answered as its path', async (line, status, allow) => {
  const [answer] = await talk(gateway.url, wire(line));
  expect([answer?.status, answer?.headers['allow']]).toEqual([status, allow]);
});

test('a client that closes its half after sending is answered', async () => {
  const requests = [
    wire('POST /messages', { ...JSON_TYPE, Connection: 'keep-alive', Prefer: 'wait=20' }, bodyOf()),
    wire('GET /messages/count', { Connection: 'keep-alive' }),
  ];
  const answers = await talkHalfClosed(gateway.url, Buffer.concat(requests));
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
});

test('a file of the docs is served whole to a client that asks for a part of it', async () => {
  const headers = { Range: 'bytes=99999999-', 'If-Match': '"x"' };
  const [answer] = await talk(gateway.url, wire('GET /docs/swagger-ui.css', headers));
  expect([answer?.status, answer?.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
});

test('HEAD answers as GET, without the body', async () => {
  for (const path of ['/messages/alice/nobody', '/messages/count', '/users/alice/messages', '/health/liveness']) {
    const [get] = await talk(gateway.url, wire(`GET ${path}`));
    const head = await fetch(gateway.url + path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-type')).toBe(get?.headers['content-type']);
    expect(await head.text()).toBe('');
  }
});

test.each([
  ['application/json', { Prefer: 'wait=20' }],
  ['application/json; charset=utf-8', { Prefer: 'respond-async, wait=20' }],
  ['APPLICATION/JSON;charset="UTF-8"', { Prefer: 'wait=20; x=y' }],
  ['application/json; charset=utf8', { Prefer: 'wait=20', 'Content-Encoding': 'identity' }],
])('a body as %s with %j is stored', async (type, headers) => {
  const [answer] = await talk(gateway.url, wire('POST /messages', { 'Content-Type': type, ...headers }, bodyOf()));
  expect(answer).toMatchObject({ status: 201, headers: { 'preference-applied': 'wait=20' } });
  expect(answer?.headers['location']).toMatch(/^\/messages\/[0-9a-f-]{36}\?partition=\d+&offset=\d+$/);
});

test('a message is found by its id in upper case, and an empty X-Request-Id counts as none', async () => {
  const headers = { ...JSON_TYPE, Prefer: 'wait=20', 'X-Request-Id': '' };
  const [sent] = await talk(gateway.url, wire('POST /messages', headers, bodyOf()));
  expect(sent?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  const message = JSON.parse(sent?.body ?? '') as Message;
  const [found] = await talk(gateway.url, wire(`GET /messages/${message.messageId.toUpperCase()}`));
  expect(found?.status).toBe(200);
  expect(JSON.parse(found?.body ?? '')).toEqual(message);
});

test.each<[string, number, string | undefined]>([
  ['wait=0', 202, undefined],
  ['wait=soon', 202, undefined],
  ['respond-async', 202, undefined],
  ['wait=99999', 201, 'wait=30'],
])('Prefer: %s is answered with %i', async (prefer, status, applied) => {
  const [answer] = await talk(gateway.url, wire('POST /messages', { ...JSON_TYPE, Prefer: prefer }, bodyOf()));
  expect(answer?.status).toBe(status);
  expect(answer?.headers['preference-applied']).toBe(applied);
});

test('two Prefer headers are read as one', async () => {
  const head = wire('POST /messages', { ...JSON_TYPE, Prefer: 'respond-async\r\nPrefer: wait=20' }, bodyOf());
  expect((await talk(gateway.url, head))[0]?.status).toBe(201);
});

test.each<[string, string]>([
  ['.', '%2E'],
  ['..', '%2E%2E'],
  ['count', 'count'],
  ['messages', 'messages'],
  ['a+b@c.d', 'a%2Bb%40c.d'],
  ['\u00e9', 'e%CC%81'],
  ['\u{20000}'.repeat(50), encodeURIComponent('\u{20000}'.repeat(50))],
])('the messages of the user %s are found at their address', async (name, encoded) => {
  const headers = { ...JSON_TYPE, Prefer: 'wait=20' };
  const [sent] = await talk(gateway.url, wire('POST /messages', headers, bodyOf({ fromUser: name, toUser: 'zoe' })));
  expect(sent?.status).toBe(201);
  for (const path of [`/messages/${encoded}/zoe`, `/messages/zoe/${encoded}`, `/users/${encoded}/messages`]) {
    const [page] = await talk(gateway.url, wire(`GET ${path}`));
    expect(page?.status).toBe(200);
    expect(JSON.parse(page?.body ?? '') as Message[]).toContainEqual(JSON.parse(sent?.body ?? ''));
  }
});

test('the gateway still works after all of these requests', async () => {
  expect((await fetch(`${gateway.url}/health/readiness`)).status).toBe(200);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toMatch(/wiber_requests_refused_total\{[^}]*code="request_timeout",route="unrouted",[^}]*\} 3\n/);
});
