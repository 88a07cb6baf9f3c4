import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ProblemError } from '@wiber/contracts';
import { fastify, type FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { CONTENT_SECURITY_POLICY, serveConsole } from './console.pages.ts';

const PAGE = '<!doctype html><script type="module" src="/console/assets/main-1a2b.js"></script>';
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(300_000))});`;
const SECRET = 'a file beside the console';
let folder: string;
let server: FastifyInstance;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-console-'));
  const dist = join(folder, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  writeFileSync(join(dist, 'index.html'), PAGE);
  writeFileSync(join(dist, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(dist, 'assets', 'main-1a2b.js'), SCRIPT);
  writeFileSync(join(dist, 'assets', 'main-1a2b.js.map'), '{}');
});

afterAll(() => rmSync(folder, { recursive: true }));

const serve = (dist = join(folder, 'dist')) => {
  server = fastify();
  server.setErrorHandler((error, _, reply) => {
    const problem = error as ProblemError;
    void reply.status(problem.status ?? 500).send({ code: problem.code, detail: problem.message });
  });
  serveConsole(server, { folder: dist });
};

beforeEach(() => serve());

test.each([
  '/console',
  '/console/',
  '/console/messages/0199c2a4',
  '/console/conversations/a.b/c',
  '/console/index.html',
])('the page is at %s, under a strict policy, and is asked for again each time', async (path) => {
  const { statusCode, headers, body } = await server.inject(path);
  expect([statusCode, body]).toEqual([200, PAGE]);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});

test('the policy allows nothing from elsewhere, nothing that stands in the page, no frame and no form', () => {
  expect(CONTENT_SECURITY_POLICY).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test('an asset is kept for ever, comes compressed as the client takes it, and is the same file in each coding', async () => {
  const url = '/console/assets/main-1a2b.js';
  const get = (coding: string) => server.inject({ url, headers: { 'accept-encoding': coding } });
  const [plain, br, zip, none] = await Promise.all(
    ['identity', 'gzip, br', 'gzip;q=1, br;q=0', 'br;q=0, *;q=0'].map(get),
  );
  expect([plain!.headers['content-encoding'], plain!.body]).toEqual([undefined, SCRIPT]);
  expect([br!.headers['content-encoding'], brotliDecompressSync(br!.rawPayload).toString()]).toEqual(['br', SCRIPT]);
  expect([zip!.headers['content-encoding'], gunzipSync(zip!.rawPayload).toString()]).toEqual(['gzip', SCRIPT]);
  expect(none!.body).toBe(SCRIPT);
  for (const { headers, rawPayload } of [plain!, br!, zip!]) {
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect([headers['content-length'], headers['vary']]).toEqual([String(rawPayload.length), 'Accept-Encoding']);
  }
  expect(new Set([plain, br, zip].map((one) => one!.headers['etag'])).size).toBe(3);
});

test('HEAD answers the same head without a body, and a client that has the file gets 304', async () => {
  for (const url of ['/console', '/console/assets/main-1a2b.js']) {
    const [got, head] = [await server.inject(url), await server.inject({ url, method: 'HEAD' })];
    expect(head.rawPayload.length).toBe(0);
    for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'content-security-policy'])
      expect([name, head.headers[name]]).toEqual([name, got.headers[name]]);
    const again = await server.inject({ url, headers: { 'if-none-match': `"other", ${String(got.headers['etag'])}` } });
    expect([again.statusCode, again.rawPayload.length, again.headers['etag']]).toEqual([304, 0, got.headers['etag']]);
  }
});

test.each(['*', ' * ', 'weak'])('a client that says %s to have the file gets 304', async (given) => {
  const url = '/console/assets/main-1a2b.js';
  const etag = String((await server.inject(url)).headers['etag']);
  const sent = given === 'weak' ? `"other", W/${etag}` : given;
  expect((await server.inject({ url, headers: { 'if-none-match': sent } })).statusCode).toBe(304);
  expect((await server.inject({ url, headers: { 'if-none-match': 'W/"other"' } })).statusCode).toBe(200);
});

test('a refusal is under the same policy as the page', async () => {
  const { headers } = await server.inject('/console/assets/%3Cscript%3E');
  expect(headers).toMatchObject({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  });
});

test('an asset that is not there is 404 and not the page; maps of the sources are not served', async () => {
  for (const path of ['/console/assets/main-0000.js', '/console/assets/', '/console/assets/main-1a2b.js.map']) {
    const answer = await server.inject(path);
    expect([path, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([path, 404, 'not_found']);
  }
});

test('no path leads out of the folder of the console', async () => {
  const part = fc.constantFrom(
    '..',
    '%2e%2e',
    '.',
    '/',
    '%2f',
    '\\',
    '%5c',
    'assets',
    'secret.txt',
    'dist',
    '%00',
    '~',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      const { body } = await server.inject(`/console/${parts.join('/')}`);
      expect(body).not.toContain(SECRET);
    }),
    { numRuns: 300 },
  );
});

test('a gateway without the built files says how to get them', async () => {
  serve(join(folder, 'nowhere'));
  for (const path of ['/console', '/console/', '/console/assets/x.js']) {
    const answer = await server.inject(path);
    expect([answer.statusCode, answer.json()]).toEqual([
      404,
      { code: 'console_not_built', detail: expect.stringContaining('npm run build') },
    ]);
  }
});
