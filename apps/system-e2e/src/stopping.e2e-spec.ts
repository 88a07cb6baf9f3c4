import { connect, type Socket } from 'node:net';
import { AppProcess, KeepAliveClient, ProbedGateway, eventually, freshSystem, type AppName } from '@wiber/harness';
import { countIn, post } from './api.client.ts';

/** The time that the issue gives a stop after its drain, in milliseconds. */
const AFTER_DRAIN_MS = 5000;

let env: Record<string, string>;
const running: AppProcess[] = [];
const sockets: Socket[] = [];
let end = new AbortController();

beforeAll(async () => {
  env = await freshSystem();
});

afterEach(async () => {
  end.abort();
  end = new AbortController();
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((app) => app.end('SIGKILL')));
});

const start = async (name: AppName, settings: Record<string, string> = {}): Promise<AppProcess> => {
  const app = await AppProcess.start(name, { ...env, ...settings });
  running.push(app);
  return app;
};

/** A client that writes and never reads, closes or goes on. */
const stubborn = async (app: AppProcess, text: string): Promise<void> => {
  const socket = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket.on('error', () => undefined).pause());
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
};

const probe = async (app: AppProcess, name: string) => {
  const answer = await fetch(`${app.url}/health/${name}`);
  return { status: answer.status, body: (await answer.json()) as { status: string } };
};

/** Sends SIGTERM. Resolves to the exit code and the time that the stop took, in milliseconds. */
const stop = async (app: AppProcess): Promise<{ code: number | null; ms: number }> => {
  const startedAt = performance.now();
  const code = await app.end('SIGTERM');
  return { code, ms: performance.now() - startedAt };
};

test('after SIGTERM the probes say 503 at once, liveness says 200, and sends are accepted to the end of the drain', async () => {
  const gateway = await start('gateway', { DRAIN_MS: '2000' });
  const stopped = stop(gateway);
  await eventually(async () => expect((await probe(gateway, 'serving')).body.status).toBe('draining'));
  expect((await probe(gateway, 'readiness')).body).toMatchObject({ status: 'not_ready', kafka: 'connected' });
  expect((await probe(gateway, 'liveness')).status).toBe(200);
  const answer = await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: 'late' });
  expect([answer.status, answer.headers.get('connection')]).toEqual([202, 'close']);
  const { code, ms } = await stopped;
  expect(code).toBe(0);
  expect(ms).toBeGreaterThanOrEqual(2000);
});

test.each<[AppName, string]>([
  ['gateway', '/docs-json'],
  ['ingest', '/metrics'],
  ['metrics', '/metrics'],
])('%s stops with 0 in time, whatever its clients do', async (name, path) => {
  const app = await start(name, { DRAIN_MS: '500', STOP_MS: '2000' });
  const get = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  await stubborn(app, '');
  await stubborn(app, 'GET / HTT');
  await stubborn(app, get);
  await stubborn(app, get.repeat(2000));
  await stubborn(
    app,
    'POST /messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  );
  await fetch(`${app.url}/health/liveness`);
  const { code, ms } = await stop(app);
  expect(code).toBe(0);
  expect(ms).toBeLessThan(500 + AFTER_DRAIN_MS);
});

test('a send that waits for ingest is answered 202 before its gateway is gone', async () => {
  const gateway = await start('gateway', { DRAIN_MS: '0' });
  const body = { fromUser: 'ann', toUser: 'waiting', content: 'hi' };
  const answer = post(gateway.url, body, { Prefer: 'wait=30' });
  await eventually(async () => expect(await gateway.metric('wiber_messages_accepted_total')).toBe(1));
  const { code, ms } = await stop(gateway);
  expect([code, (await answer).status]).toEqual([0, 202]);
  expect(ms).toBeLessThan(AFTER_DRAIN_MS);
});

test('a second SIGTERM ends the drain at once', async () => {
  const gateway = await start('gateway', { DRAIN_MS: '600000' });
  const stopped = stop(gateway);
  await eventually(async () => expect((await probe(gateway, 'serving')).status).toBe(503));
  gateway.signal('SIGTERM');
  expect((await stopped).code).toBe(0);
});

test('while both gateways are restarted, one after the other, clients that follow the probe have no failed send', async () => {
  const drainMs = 2000;
  const settings = { DRAIN_MS: String(drainMs) };
  await start('ingest');
  const apps = [await start('gateway', settings), await start('gateway', settings)];
  const gateways = apps.map(({ url }) => new ProbedGateway(url));
  const clients = Array.from({ length: 4 }, (_, index) => new KeepAliveClient(`client-${index}`));
  const followed = gateways.map((gateway) => gateway.follow(end.signal));
  const work = clients.map((client) => client.sendUntil(end.signal, gateways));
  for (const [place, gateway] of gateways.entries()) {
    await eventually(() => expect(gateways.every(({ isServing }) => isServing)).toBe(true));
    const before = clients.map(({ sent }) => sent);
    await eventually(() => expect(clients.every(({ sent }, index) => sent > before[index]! + 10)).toBe(true));
    const { code, ms } = await stop(apps[place]!);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(drainMs + AFTER_DRAIN_MS);
    gateway.url = (await start('gateway', settings)).url;
  }
  await eventually(() => expect(gateways.every(({ isServing }) => isServing)).toBe(true));
  end.abort();
  await Promise.all([...followed, ...work]);
  expect(clients.flatMap(({ failed }) => failed)).toEqual([]);
  for (const [index, { sent }] of clients.entries())
    await eventually(async () => expect(await countIn(gateways[0]!.url, `client-${index}`, 'restart')).toBe(sent));
});
