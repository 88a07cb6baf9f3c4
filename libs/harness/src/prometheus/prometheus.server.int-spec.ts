import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../eventually.ts';
import { PrometheusServer } from './prometheus.server.ts';

const missing = PrometheusServer.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// PrometheusServer.missing says how to get it.
const testWithPrometheus = missing === undefined ? test : test.skip;

let app: Server;
let url: string;
let body = 'wiber_depth{lane="1"} 3\nwiber_depth{lane="2"} +Inf\n';

beforeAll(async () => {
  app = createServer((request, answer) => {
    answer.statusCode = request.url === '/metrics' ? 200 : 404;
    answer.end(body);
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  url = `http://127.0.0.1:${(app.address() as { port: number }).port}`;
});

afterAll(async () => {
  app.closeAllConnections();
  app.close();
  await once(app, 'close');
});

const folders = (): string[] => globSync(join(tmpdir(), 'wiber-prometheus-*'));

const RULES = `
groups:
  - name: depth
    rules:
      - { record: 'job:wiber_depth:min', expr: min by (job) (wiber_depth) }
      - { alert: Deep, expr: 'job:wiber_depth:min > 5', labels: { severity: page }, annotations: { summary: deep } }
`;

testWithPrometheus('it scrapes a process, answers queries, runs the rules, and an alert fires and ends', async () => {
  const before = folders();
  const server = await PrometheusServer.start({ jobs: { app: [url] }, rules: [RULES], periodMs: 200 });
  try {
    const host = new URL(url).host;
    expect(await server.query('wiber_depth{lane="1"}')).toEqual([
      { labels: { __name__: 'wiber_depth', job: 'app', instance: host, lane: '1' }, value: 3, at: expect.any(Number) },
    ]);
    expect((await server.query('max(wiber_depth)'))[0]?.value).toBe(Infinity);
    await eventually(async () => {
      expect(await server.query('job:wiber_depth:min')).toMatchObject([{ labels: { job: 'app' }, value: 3 }]);
      expect((await server.rules()).map(({ name, health }) => [name, health])).toEqual([
        ['job:wiber_depth:min', 'ok'],
        ['Deep', 'ok'],
      ]);
    });
    expect(await server.alerts()).toEqual([]);
    body = 'wiber_depth{lane="1"} 6\n';
    await eventually(async () =>
      expect(await server.alerts()).toMatchObject([
        { name: 'Deep', state: 'firing', labels: { job: 'app', severity: 'page' }, annotations: { summary: 'deep' } },
      ]),
    );
    body = 'wiber_depth{lane="1"} 2\n';
    await eventually(async () => expect(await server.alerts()).toEqual([]));
    await expect(server.query('wiber_depth{')).rejects.toThrow(/Prometheus answers 400: .*parse error/);
  } finally {
    await server.stop();
  }
  expect(folders()).toEqual(before);
});

testWithPrometheus('a start with a wrong rule says what Prometheus says of it, and leaves nothing', async () => {
  const before = folders();
  const rules = ['groups: [{ name: a, rules: [{ alert: A, expr: sum( }] }]'];
  await expect(PrometheusServer.start({ jobs: {}, rules })).rejects.toThrow(/Prometheus ended with code 1:[^]*parse/);
  expect(folders()).toEqual(before);
});

testWithPrometheus('it ends, and its folder is removed, when the process that started it is killed', async () => {
  const before = folders();
  const module = JSON.stringify(join(import.meta.dirname, 'prometheus.server.ts'));
  const script = `const { PrometheusServer } = await import(${module});
    const { url } = await PrometheusServer.start({ jobs: {} });
    console.log(url);
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [own] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  expect((await fetch(`${own}/-/healthy`)).status).toBe(200);
  owner.kill('SIGKILL');
  await eventually(async () => {
    await expect(fetch(`${own}/-/healthy`)).rejects.toThrow();
    expect(folders()).toEqual(before);
  });
});
