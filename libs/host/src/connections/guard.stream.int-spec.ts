import { eventually } from '@wiber/harness';
import { GuardedServer } from './guarded.server.double-spec.ts';

let app: GuardedServer;
afterEach(() => app.end());

test('a stream lasts longer than an answer may take to be read, and ends when its sender ends it', async () => {
  app = await GuardedServer.start({ answerTimeoutMs: 100 });
  const [reader, slow] = [app.client().get('/stream'), app.client().get('/large')];
  slow.socket.pause();
  await eventually(() => expect(app.closed).toEqual(['slow_reader']));
  const later = app.client().get('/large');
  later.socket.pause();
  await eventually(() => expect(app.closed).toEqual(['slow_reader', 'slow_reader']));
  expect(reader.isClosed).toBe(false);
  app.streams[0]!.end('end');
  await eventually(() => expect(reader.isClosed).toBe(true));
  expect(reader.text).toContain('end');
  expect(app.guard.requestsInHand).toBe(0);
});

test('a stream is the last answer of its connection: what waits behind it is not worked on, and counts no more', async () => {
  app = await GuardedServer.start({ pipelineMax: 1 });
  const client = app.client().get('/first').get('/stream').get('/behind', 50);
  await eventually(() => expect(app.streams).toHaveLength(1));
  client.get('/later');
  await eventually(() => expect(app.guard.requestsInHand).toBe(1));
  app.streams[0]!.end();
  await eventually(() => expect(client.isClosed).toBe(true));
  expect(app.seen).toEqual(['/first', '/stream']);
  expect(client.text).toMatch(/connection: close/i);
  await eventually(() => expect(app.guard.openConnections).toBe(0));
  const after = app.client().get('/after');
  await eventually(() => expect(after.statuses).toEqual([200]));
  expect(app.guard.requestsInHand).toBe(0);
});

test('a stream behind an answer that closes the connection, or before a request that is worked on, is refused', async () => {
  app = await GuardedServer.start({ pipelineMax: 4 });
  app.client().get('/held').get('/held');
  await eventually(() => expect(app.held).toHaveLength(2));
  expect(app.guard.letStream(app.held[0]!)).toBe(false);
  expect(app.guard.letStream(app.held[1]!)).toBe(true);
  app.held[0]!.end();
  app.held[1]!.end();
});
