import type { OpenAPIObject } from '@nestjs/swagger';
import { fastify, type FastifyInstance } from 'fastify';
import { DOCS_PATHS, serveDocs } from './docs.pages.ts';
import { FilePieces } from './file.pieces.ts';

let server: FastifyInstance;
let written: number;
let pieces: FilePieces;
const document = () => ({ openapi: '3.1.0', info: { title: 'Wiber $1', version: '1' }, paths: {}, toJSON });
/** Counts how often the document is written as a text. */
const toJSON = () => {
  written += 1;
  return { openapi: '3.1.0', info: { title: "Wiber $1 $'", version: '1' }, paths: {} };
};

beforeEach(() => {
  written = 0;
  server = fastify();
  pieces = new FilePieces();
  serveDocs(server, document() as OpenAPIObject, pieces);
});

test('the OpenAPI document is written once, however often it is asked for', async () => {
  for (let time = 0; time < 3; time += 1) {
    const answer = await server.inject('/docs-json');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual(toJSON());
  }
  expect(written - 3).toBe(1);
});

test('there is no document as YAML', async () => {
  expect((await server.inject('/docs-yaml')).statusCode).toBe(404);
});

test.each(['/docs', '/docs/', '/docs/index.html'])('every file that the page %s loads is there', async (path) => {
  const page = await server.inject(path);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const links = [...page.body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    const { pathname } = new URL(link, `http://x${path}`);
    expect(DOCS_PATHS).toContain(pathname);
    expect((await server.inject(pathname)).statusCode).toBe(200);
  }
});

test('a file has its length in its head, and HEAD answers the same head', async () => {
  const file = '/docs/swagger-ui-bundle.js';
  const [got, head] = [await server.inject(file), await server.inject({ url: file, method: 'HEAD' })];
  expect(got.rawPayload.length).toBeGreaterThan(1_000_000);
  expect([got.headers['content-length'], got.headers['transfer-encoding']]).toEqual([
    String(got.rawPayload.length),
    undefined,
  ]);
  expect(head.rawPayload.length).toBe(0);
  for (const name of ['content-length', 'content-type', 'cache-control'])
    expect([name, head.headers[name]]).toEqual([name, got.headers[name]]);
});

test('10,000 HEADs of a large file leave nothing to send', async () => {
  const head = { url: '/docs/swagger-ui-bundle.js', method: 'HEAD' } as const;
  for (let hundreds = 0; hundreds < 100; hundreds += 1)
    await Promise.all(Array.from({ length: 100 }, () => server.inject(head)));
  expect(pieces.waitingConnections).toBe(0);
});

test('the script of the page shows the document and no other', async () => {
  const { body } = await server.inject('/docs/swagger-initializer.js');
  const calls: unknown[] = [];
  const window: { onload?: () => void } = {};
  const bundle = Object.assign((options: object) => calls.push(options), { presets: {}, plugins: {} });
  // As a browser runs it.
  new Function('window', 'SwaggerUIBundle', 'SwaggerUIStandalonePreset', body)(window, bundle, {});
  window.onload?.();
  expect(calls).toEqual([expect.objectContaining({ spec: toJSON() })]);
  expect(calls[0]).not.toHaveProperty('url');
});

test('each path of the docs is served whole, also to a client that asks for a part of it or has a precondition', async () => {
  const headers = {
    range: 'bytes=9999999-',
    'if-match': '"x"',
    'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
  };
  for (const path of DOCS_PATHS) {
    const answer = await server.inject({ url: path, headers });
    expect([answer.statusCode, answer.rawPayload.length > 100 || path === '/docs-json']).toEqual([200, true]);
  }
});
