import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { eventually, freshSystem } from '@wiber/harness';
import { AppInstance, type AppDefinition } from '@wiber/host';
import { Store } from '@wiber/mongo';

let gatewayApp: AppDefinition;

beforeAll(async () => {
  // The settings are read when the module is loaded.
  jest.replaceProperty(process, 'env', { ...(await freshSystem()), API_PORT: '0', DRAIN_MS: '0', LOG_LEVEL: 'silent' });
  ({ gatewayApp } = await import('./gateway.app.ts'));
});

afterAll(() => void jest.restoreAllMocks());

test('a stopping gateway closes its port, answers the requests it has, and closes the store last', async () => {
  const events: string[] = [];
  const create = async () => {
    const app = await gatewayApp.create();
    const store = app.get(Store);
    const close = store.close.bind(store);
    store.close = async () => {
      events.push('store closed');
      await close();
    };
    return app;
  };
  const app = await AppInstance.create({ ...gatewayApp, create });
  await app.start();
  const url = await app.url();
  // No ingest runs, so this request waits in full: it is in flight when the gateway stops.
  const answer = fetch(`${url}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Prefer: 'wait=3' },
    body: JSON.stringify({ fromUser: 'ann', toUser: 'ben', content: 'hi' }),
  }).then(({ status }) => events.push(`answered ${status}`));
  await eventually(async () => {
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^wiber_messages_accepted_total\{[^}]*\} 1$/m);
  });
  const stopped = app.stop();
  await eventually(async () => {
    await expect(fetch(`${url}/health/liveness`)).rejects.toThrow();
  });
  events.push('port closed');
  await Promise.all([answer, stopped]);
  expect(events).toEqual(['port closed', 'answered 202', 'store closed']);
});

test('a gateway that was stopped can be started again in the same process', async () => {
  const app = await AppInstance.create(gatewayApp);
  await app.start();
  expect((await fetch(`${await app.url()}/health/readiness`)).status).toBe(200);
  await app.stop();
});

test('a gateway that has stopped leaves no connection open', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = sockets();
  const app = await AppInstance.create(gatewayApp);
  await app.start();
  const url = await app.url();
  await (await fetch(`${url}/health/readiness`)).text();
  const place = 'partition=0&offset=0';
  const waited = await fetch(`${url}/messages/${randomUUID()}?${place}`, { headers: { Prefer: 'wait=1' } });
  expect(waited.status).toBe(404);
  await waited.text();
  expect(sockets()).toBeGreaterThan(before);
  await app.stop();
  await eventually(() => expect(sockets()).toBe(before));
});
