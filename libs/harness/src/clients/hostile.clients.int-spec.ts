import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../eventually.ts';
import { HostileClients } from './hostile.clients.ts';
import { postWithMarks, postWithObjects, postWithUnknownFields } from './hostile.requests.ts';

let server: Server;
let url: string;
const seen = { paths: new Set<string>(), waits: 0 };

beforeEach(async () => {
  server = createServer((request, response) => {
    seen.paths.add(`${request.method} ${request.url?.split('?')[0]?.replace(/[0-9a-f-]{36}|\d+/g, '…')}`);
    if (request.headers.prefer === 'wait=10') seen.waits += 1;
    request.resume();
    request.once('end', () => response.writeHead(418).end('x'.repeat(10_000)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const connections = (): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));

const requireConnections = async (expected: number): Promise<void> => {
  const count = await connections();
  if (count !== expected) throw new Error(`${count} connections are open instead of ${expected}`);
};

test('hostile clients attack in every way they have, say what came back, and end all their connections', async () => {
  const plan = {
    marks: 2,
    fields: 2,
    objects: 2,
    floods: 1,
    waits: 600,
    counts: 5,
    figures: 5,
    overviews: 5,
    pages: 5,
    halfOpen: 7,
    deaf: 3,
    deafToFiles: 2,
    pipelined: 4,
  };
  const clients = new HostileClients(url, plan, { whole: (from) => from, conversation: () => ['ann', 'ben'] });
  await eventually(() => {
    const read = ['GET /messages/…', 'GET /messages/count', 'GET /messages/ann/ben', 'GET /docs/swagger-ui-bundle.js'];
    const figures = ['GET /stats/series', 'GET /stats/overview'];
    for (const path of ['POST /messages', ...read, ...figures, 'GET /x', 'GET /nowhere', 'GET /health/liveness'])
      if (!seen.paths.has(path)) throw new Error(`${path} was not asked yet`);
    if (seen.waits < 600) throw new Error('not all waits were asked yet');
  });
  // Between two rounds only the connections are open that are held.
  await eventually(() => requireConnections(7 + 3 + 2 + 4));
  await clients.stop();
  await eventually(() => requireConnections(0));
  expect(clients.counts.summary()).toMatch(
    /^sent .*600 waits.*; answers by status: \d+ 418; the gateway closed 0 connections$/,
  );
});

test.each([
  ['combining marks', postWithMarks],
  ['unknown fields', postWithUnknownFields],
  ['objects', postWithObjects],
])('a body of %s is as large as the API takes, and no larger', (_, request) => {
  const [head = '', body = ''] = request().split('\r\n\r\n');
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(64 * 1024);
  expect(Buffer.byteLength(body)).toBeGreaterThan(64 * 1024 - 8);
});
