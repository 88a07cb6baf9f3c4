import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAlive } from './liveness.probe.ts';

let server: Server;
const listen = async (answer: RequestListener): Promise<string> => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

test('a gateway is alive when it answers 200 in time', async () => {
  expect(await isAlive(await listen((_, response) => response.end('{}')))).toBe(true);
});

test.each<[string, RequestListener]>([
  ['answers 503', (_, response) => response.writeHead(503).end()],
  ['closes the connection', (request) => request.socket.destroy()],
  ['never answers', () => undefined],
  ['never ends its answer', (_, response) => void response.writeHead(200).write('{')],
])('a gateway that %s is not alive', async (_, answer) => {
  expect(await isAlive(await listen(answer), 300)).toBe(false);
});
