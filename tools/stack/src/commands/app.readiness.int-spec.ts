import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { awaitReady } from './app.launch.ts';

let server: Server;
let answers = 0;
let readyAfter = Number.POSITIVE_INFINITY;
beforeEach(async () => {
  answers = 0;
  server = createServer((_, response) => {
    answers += 1;
    response.writeHead(answers > readyAfter ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await new Promise((resolve) => server.close(resolve));
});

const app = () => ({ instance: 'gateway-1', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

test('an app that does not get ready is named with what it warned of last', async () => {
  const lastWarning = () => 'Kafka is away; trying again: no such topic';
  await expect(awaitReady(app(), { lastWarning, withinMs: 300 })).rejects.toThrow(
    'gateway-1 was not ready within 0.3 s (Kafka is away; trying again: no such topic); see .wiber/logs/gateway-1.log',
  );
});

test('a clock that jumps while an app starts does not end the start', async () => {
  readyAfter = 3;
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + answers * 3_600_000);
  await awaitReady(app(), { lastWarning: () => undefined });
  expect(answers).toBe(4);
});
