import { eventually } from '@wiber/harness';
import { GuardedServer } from './guarded.server.double-spec.ts';

let app: GuardedServer;
afterEach(() => app.end());

/** `Connection` of each answer; undefined where an answer has none that says close. */
const closes = (text: string): boolean[] =>
  text
    .split('HTTP/1.1 ')
    .slice(1)
    .map((answer) => /^connection: close\r$/im.test(answer.split('\r\n\r\n')[0] ?? ''));

test('from the start of a drain each answer says Connection: close, also that of a request in hand', async () => {
  app = await GuardedServer.start();
  const [inHand, kept] = [app.client().get('/held'), app.client().get('/small')];
  await eventually(() => expect([app.held.length, kept.statuses.length]).toEqual([1, 1]));
  app.guard.drain();
  kept.get('/small');
  const fresh = app.client().get('/small');
  app.held[0]!.end();
  await eventually(() => expect([inHand.isClosed, kept.isClosed, fresh.isClosed]).toEqual([true, true, true]));
  expect([inHand, kept, fresh].map(({ statuses }) => statuses)).toEqual([[200], [200, 200], [200]]);
  expect([inHand, kept, fresh].map(({ text }) => closes(text))).toEqual([[true], [false, true], [true]]);
});

test('requests that a client sent at once are all answered in a drain, and only the last answer says close', async () => {
  app = await GuardedServer.start({ pipelineMax: 2 });
  const client = app.client().get('/held', 3);
  await eventually(() => expect(app.guard.requestsInHand).toBe(3));
  app.guard.drain();
  client.get('/small');
  for (const place of [0, 1, 2]) {
    await eventually(() => expect(app.held.length).toBeGreaterThan(place));
    app.held[place]!.end();
  }
  await eventually(() => expect(client.isClosed).toBe(true));
  // Nothing is read while requests wait, so the fourth may come after the answer that says close.
  expect(client.statuses.length).toBeGreaterThanOrEqual(3);
  const said = closes(client.text);
  expect(said.indexOf(true)).toBe(said.length - 1);
  expect(app.seen.filter((path) => path === '/small')).toHaveLength(client.statuses.length - 3);
});

test('a request after an answer that said close is not worked on: its client sends it again elsewhere', async () => {
  app = await GuardedServer.start();
  app.guard.drain();
  const client = app.client().get('/small').get('/after');
  await eventually(() => expect(client.isClosed).toBe(true));
  expect(app.seen.length).toBe(client.statuses.length);
});

test('after the drain, requests that were started are answered and those that wait get the problem shutting_down', async () => {
  app = await GuardedServer.start({ pipelineMax: 2 });
  const client = app.client().get('/held', 4);
  await eventually(() => expect(app.held).toHaveLength(2));
  app.guard.drain();
  app.guard.close();
  const closed = app.close();
  for (const response of app.held) response.end();
  await closed;
  await eventually(() => expect(client.isClosed).toBe(true));
  expect(client.statuses).toEqual([200, 200, 503, 503]);
  expect(closes(client.text)).toEqual([false, false, false, true]);
  expect(client.text.match(/"code":"shutting_down"/g)).toHaveLength(2);
  expect(app.refused).toEqual(['shutting_down', 'shutting_down']);
});

test.each([
  ['that is silent', ''],
  ['with half a head', 'GET / HTTP/1.1\r\nHos'],
])('a connection %s does not hold up the stop', async (_, text) => {
  app = await GuardedServer.start();
  const client = app.client();
  client.socket.write(text);
  await eventually(() => expect(app.guard.openConnections).toBe(1));
  app.guard.drain();
  app.guard.close();
  await app.close();
  await eventually(() => expect(client.isClosed).toBe(true));
});

test('what is in hand at the end of the time is cut', async () => {
  app = await GuardedServer.start();
  const [held, upload, deaf] = [app.client().get('/held'), app.client(), app.client()];
  upload.socket.write('POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx');
  deaf.socket.pause();
  deaf.get('/large');
  await eventually(() => expect(app.guard.requestsInHand).toBe(3));
  app.guard.drain();
  app.guard.close();
  const closed = app.close();
  expect(app.guard.cutAll()).toBe(3);
  await closed;
  await eventually(() => expect([held.isClosed, upload.isClosed]).toEqual([true, true]));
});
