import { eventually } from '@wiber/harness';
import { GuardedServer, type RawClient } from './guarded.server.double-spec.ts';

let app: GuardedServer;
afterEach(() => app.end());

const HALF_A_POST = 'POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx';

/** Tries on a new connection each time until a request is answered with 200. */
const answeredAtLast = async (): Promise<RawClient> => {
  let client = app.client().get('/small');
  await eventually(() => {
    if (client.isClosed) client = app.client().get('/small');
    expect(client.statuses).toEqual([200]);
  });
  return client;
};

test('over the limit of connections the one whose request is incomplete for the longest time makes room', async () => {
  app = await GuardedServer.start({ connectionsMax: 2 });
  app.client().get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const half = app.client();
  half.socket.write(HALF_A_POST);
  await eventually(() => expect(app.guard.requestsInHand).toBe(2));
  await answeredAtLast();
  await eventually(() => expect(half.isClosed).toBe(true));
  expect(app.closed).toContain('stalled_longest');
  app.held[0]!.end();
});

test('over the limit of requests the one that is incomplete for the longest time makes room', async () => {
  app = await GuardedServer.start({ requestsMax: 2 });
  const held = app.client().get('/held');
  const half = app.client();
  half.socket.write(HALF_A_POST);
  await eventually(() => expect(app.guard.requestsInHand).toBe(2));
  await answeredAtLast();
  await eventually(() => expect(half.isClosed).toBe(true));
  app.held[0]!.end();
  await eventually(() => expect(held.statuses).toEqual([200]));
});

test('a connection whose request the app works on makes no room: its client keeps nobody waiting', async () => {
  app = await GuardedServer.start({ connectionsMax: 2 });
  const [old, busy] = [app.client(), app.client()];
  old.socket.write(HALF_A_POST);
  await eventually(() => expect(app.guard.requestsInHand).toBe(1));
  busy.get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const next = await answeredAtLast();
  await eventually(() => expect(old.isClosed).toBe(true));
  expect([busy.isClosed, next.isClosed]).toEqual([false, false]);
});

test('answers that are complete and that nobody reads keep no request of others waiting', async () => {
  app = await GuardedServer.start({ requestsMax: 4, pipelineMax: 4 });
  const deaf = app.client();
  deaf.socket.pause();
  deaf.get('/large', 4);
  await eventually(() => expect(app.seen).toHaveLength(4));
  const other = app.client().get('/small');
  await eventually(() => expect(other.statuses).toEqual([200]));
  expect([app.closed, app.refused]).toEqual([[], []]);
  expect(app.guard.requestsInHand).toBe(4);
});

test('unread answers are counted again as they are read', async () => {
  app = await GuardedServer.start({ requestsMax: 4, pipelineMax: 4 });
  const slow = app.client();
  slow.socket.pause();
  slow.get('/large', 4);
  await eventually(() => expect(app.seen).toHaveLength(4));
  const other = app.client().get('/small');
  await eventually(() => expect(other.statuses).toEqual([200]));
  slow.socket.resume();
  await eventually(() => expect(app.guard.requestsInHand).toBe(0));
  app.client().get('/held', 4);
  await eventually(() => expect(app.held).toHaveLength(4));
  const refused = app.client().get('/small');
  await eventually(() => expect(refused.statuses).toEqual([503]));
});

test('over the limit of connections a probe takes the place of one that has sent nothing, however many there are', async () => {
  app = await GuardedServer.start({ connectionsMax: 1 });
  app.client().get('/held');
  await eventually(() => expect(app.held).toHaveLength(1));
  const silent = Array.from({ length: 256 }, () => app.client());
  await eventually(() => expect(app.guard.openConnections).toBe(257));
  const probes = ['/health/liveness', '/health/serving'].map((path) => app.client().get(path));
  await eventually(() => expect(probes.map(({ statuses }) => statuses)).toEqual([[200], [200]]));
  await eventually(() => expect(silent.slice(0, 2).map(({ isClosed }) => isClosed)).toEqual([true, true]));
});
