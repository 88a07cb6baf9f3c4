import { eventually } from '@wiber/harness';
import { GuardedServer } from './guarded.server.double-spec.ts';

let app: GuardedServer;
afterEach(() => app.end());

const last = (text: string): string => text.slice(text.lastIndexOf('HTTP/1.1'));

test('of the requests of one connection a bounded number is worked on, the others wait, and all are answered in order', async () => {
  app = await GuardedServer.start({ pipelineMax: 4 });
  const client = app.client().get('/held', 20).get('/after');
  await eventually(() => expect(app.held).toHaveLength(4));
  expect(app.guard.requestsInHand).toBe(21);
  for (let answered = 0; answered < 20; answered += 1) {
    await eventually(() => expect(app.held.length).toBeGreaterThan(answered));
    app.held[answered]!.end(`answer ${answered}`);
  }
  await eventually(() => expect(client.text).toContain('/after'));
  const bodies = [...client.text.matchAll(/answer (\d+)/g)].map(([, number]) => Number(number));
  expect(bodies).toEqual(Array.from({ length: 20 }, (_, number) => number));
  await eventually(() => expect(app.guard.requestsInHand).toBe(0));
});

test('while requests of a connection wait, nothing more is read from it', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/held').get('/small', 100_000);
  await eventually(() => expect(client.socket.writableLength).toBeGreaterThan(0));
  // One read of Node has 64 KiB, and such a request 34 bytes.
  await eventually(() => expect(app.held).toHaveLength(1));
  const inHand = app.guard.requestsInHand;
  expect(inHand).toBeLessThan(2 * (65_536 / 34));
  app.held[0]!.end();
  await eventually(() => expect(client.statuses.length).toBeGreaterThan(inHand));
});

test('a client that sends 50,000 requests at once keeps no other waiting', async () => {
  app = await GuardedServer.start();
  const flood = app.client().get('/small', 50_000);
  await eventually(() => expect(flood.statuses.length).toBeGreaterThan(0));
  const other = app.client().get('/other');
  await eventually(() => expect(other.text).toContain('/other'));
  expect(flood.statuses.length).toBeLessThan(50_000);
});

test('of 2,000 requests that come in one read only some are parsed before the first is answered', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/held').get('/small', 2000);
  await eventually(() => expect(app.held).toHaveLength(1));
  expect(app.guard.requestsInHand).toBeLessThanOrEqual(128);
  app.held[0]!.end();
  await eventually(() => expect(client.statuses).toHaveLength(2001));
  expect(app.guard.requestsInHand).toBe(0);
});

const SPENT = { budget: { count: () => undefined, isSpent: true } };

test('once the time of a turn is spent, a connection brings one request and the next ones wait for other turns', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 }, SPENT);
  const client = app.client().get('/held').get('/small', 40);
  await eventually(() => expect(app.held).toHaveLength(1));
  // One read had them all. 32 more are parsed for each that was started.
  expect(app.guard.requestsInHand).toBe(33);
  app.held[0]!.end();
  await eventually(() => expect(client.statuses).toHaveLength(41));
});

test('while requests of others wait, one request behind the first is parsed of each connection that sends many at once', async () => {
  const share = { units: 0, begin: () => share.units, end: () => undefined };
  app = await GuardedServer.start({}, { share });
  const clients = Array.from({ length: 50 }, () => app.client().get('/small', 200));
  await eventually(() => {
    for (const client of clients) expect(client.statuses).toEqual([200]);
  });
  // The first of them was alone: of it as many are parsed as of any. Its first request is answered, as those of the others.
  expect(app.guard.requestsInHand).toBeLessThanOrEqual(127 + 49);
  share.units = 32;
  await eventually(() => {
    for (const client of clients) expect(client.statuses).toHaveLength(200);
  });
  expect(app.guard.requestsInHand).toBe(0);
});

test.each([
  ['while turns have time', {}],
  ['when no turn has time', SPENT],
])('requests with bodies that come in one read are answered in order, %s', async (_, options) => {
  app = await GuardedServer.start({}, options);
  const bodies = Array.from({ length: 400 }, (_, number) => `<${number}>`);
  const head = 'POST /echo HTTP/1.1\r\nHost: x\r\n';
  const requests = bodies.map((body, number) =>
    number % 3 === 0
      ? `${head}Transfer-Encoding: chunked\r\n\r\n${body.length}\r\n${body}\r\n0\r\n\r\n`
      : `${head}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const client = app.client();
  client.socket.write(requests.join(''));
  await eventually(() => expect(client.statuses).toHaveLength(400));
  expect(client.text.match(/<\d+>/g)).toEqual(bodies);
});

test('when no turn has time, a client that closes its half, a long body and bytes that are no HTTP end as usual', async () => {
  app = await GuardedServer.start({}, SPENT);
  const half = app.client().get('/small', 300);
  half.socket.end();
  const long = app.client().get('/small');
  long.socket.write(`POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`);
  const broken = app.client().get('/small', 2);
  broken.socket.write('no HTTP\r\n\r\n');
  await eventually(() => expect([half.isClosed, broken.isClosed]).toEqual([true, true]));
  await eventually(() => expect(long.text).toContain('/body'));
  expect(half.statuses).toEqual(Array.from({ length: 300 }, () => 200));
});

test('when no turn has time, the probes are answered', async () => {
  app = await GuardedServer.start({}, SPENT);
  app.client().get('/held', 200);
  const [probe, serving] = [app.client().get('/health/liveness'), app.client().get('/health/serving')];
  await eventually(() => expect([probe.statuses, serving.statuses]).toEqual([[200], [200]]));
});

test('a body that arrives while its request waits is read once the request starts', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/held');
  client.socket.write(`POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(100_000)}`);
  await eventually(() => expect(app.held).toHaveLength(1));
  client.socket.write('x'.repeat(200_000));
  app.held[0]!.end();
  await eventually(() => expect(client.text).toContain('/body'));
});

test('a client that closes its half after sending is answered, also when its requests wait', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/held', 3);
  client.socket.end();
  for (const place of [0, 1, 2]) {
    await eventually(() => expect(app.held.length).toBeGreaterThan(place));
    app.held[place]!.end();
  }
  await eventually(() => expect(client.isClosed).toBe(true));
  expect(client.statuses).toEqual([200, 200, 200]);
});

test('a connection over the limit takes the place of the one that is idle for the longest time', async () => {
  app = await GuardedServer.start({ connectionsMax: 2 });
  const busy = app.client().get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const silent = app.client();
  await eventually(() => expect(app.guard.openConnections).toBe(2));
  const third = app.client().get('/small');
  await eventually(() => expect(third.statuses).toEqual([200]));
  await eventually(() => expect(silent.isClosed).toBe(true));
  expect([busy.isClosed, app.closed]).toEqual([false, ['idle_longest']]);
});

test('over the limit of connections, while none is idle, a request is refused with a problem, and liveness is answered', async () => {
  app = await GuardedServer.start({ connectionsMax: 1 });
  app.client().get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const [refused, probe, silent] = [app.client().get('/small'), app.client().get('/health/liveness'), app.client()];
  await eventually(() => expect([refused.isClosed, probe.isClosed, silent.isClosed]).toEqual([true, true, true]));
  expect(refused.text).toMatch(
    /503 Service Unavailable[^]*Connection: close[^]*Retry-After: 1[^]*"code":"server_busy"/,
  );
  expect([probe.statuses, silent.text]).toEqual([[200], '']);
  expect(app.seen).toEqual(['/held', '/health/liveness']);
  expect(app.guard.openConnections).toBe(1);
});

test('over the limit of requests one more is refused with a problem, and liveness is answered', async () => {
  app = await GuardedServer.start({ requestsMax: 2 });
  app.client().get('/held', 2);
  await eventually(() => expect(app.held).toHaveLength(2));
  const [refused, probe] = [app.client().get('/small'), app.client().get('/health/liveness')];
  await eventually(() => expect([refused.statuses, probe.statuses]).toEqual([[503], [200]]));
  expect(last(refused.text)).toContain('"code":"server_busy"');
  expect(app.refused).toEqual(['server_busy']);
});

test('over the limit of requests a connection that sends several at once has one worked on at a time', async () => {
  app = await GuardedServer.start({ requestsMax: 2, pipelineMax: 4 });
  app.client().get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const client = app.client().get('/held', 4);
  await eventually(() => expect(app.held).toHaveLength(2));
  expect(app.guard.requestsInHand).toBe(5);
  for (const place of [1, 2, 3, 4]) {
    await eventually(() => expect(app.held.length).toBeGreaterThan(place));
    app.held[place]!.end();
  }
  await eventually(() => expect(client.statuses).toEqual([200, 200, 200, 200]));
});

test('when too many requests wait, the connection with the most is cut, and the others are answered', async () => {
  app = await GuardedServer.start({ waitingMax: 10, pipelineMax: 1 });
  const client = app.client().get('/held', 5);
  await eventually(() => expect(app.guard.requestsInHand).toBe(5));
  const flood = app.client().get('/held', 50);
  await eventually(() => expect([flood.isClosed, app.closed]).toEqual([true, ['too_many_waiting']]));
  expect(app.guard.requestsInHand).toBe(5);
  for (let place = 0; client.statuses.length < 5;) {
    await eventually(() => expect(app.held.length).toBeGreaterThan(place));
    app.held[place++]!.end();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
});

test('a client that does not take its answer in time is cut off, and one that reads gets all of it', async () => {
  app = await GuardedServer.start({ answerTimeoutMs: 5000 });
  const [deaf, reader] = [app.client(), app.client()];
  deaf.socket.pause();
  deaf.get('/large');
  reader.get('/large');
  await eventually(() => expect(reader.text.length).toBeGreaterThan(11 * 2 ** 20));
  await eventually(() => expect(app.closed).toEqual(['slow_reader']));
  await eventually(() => expect(app.guard.requestsInHand).toBe(0));
});

test('when unread answers are over their limit, the clients with the most of them are cut off, and no other', async () => {
  app = await GuardedServer.start({ answersMaxMb: 16, pipelineMax: 2 });
  const [deaf, other] = [app.client(), app.client()];
  deaf.socket.pause();
  other.get('/small');
  deaf.get('/large', 2);
  await eventually(() => expect(app.closed).toEqual(['large_backlog']));
  other.get('/small');
  await eventually(() => expect(other.statuses).toEqual([200, 200]));
});

test('a connection that a client leaves open after the last answer is closed', async () => {
  app = await GuardedServer.start();
  const client = app.client();
  client.socket.removeAllListeners('end');
  client.get('/raw');
  await eventually(() => expect(client.statuses).toEqual([400]));
  expect(app.guard.openConnections).toBe(1);
  await eventually(() => expect(app.guard.openConnections).toBe(0));
});

test('a request that waits when its client leaves is never started', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/held', 2);
  await eventually(() => expect(app.guard.requestsInHand).toBe(2));
  client.socket.resetAndDestroy();
  app.held[0]!.end();
  await eventually(() => expect(app.guard.openConnections).toBe(0));
  expect([app.guard.requestsInHand, app.seen]).toEqual([0, ['/held']]);
});

test('a connection that breaks after a CONNECT request was answered ends nothing but itself', async () => {
  app = await GuardedServer.start();
  const odd = app.client();
  odd.socket.write('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => expect(odd.isClosed).toBe(true));
  const other = app.client().get('/small');
  await eventually(() => expect(other.statuses).toEqual([200]));
});
