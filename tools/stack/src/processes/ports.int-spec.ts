import { createServer, type Server } from 'node:net';
import { claimPort } from './ports.ts';

let server: Server;
const listenOn = async (host: string): Promise<number> => {
  server = createServer().listen({ port: 0, host });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as { port: number }).port;
};
afterEach(() => new Promise<void>((resolve) => void (server ? server.close(() => resolve()) : resolve())));

test.each(['127.0.0.1', '0.0.0.0', '::', '::1'])(
  'a port on which something listens on %s is one line with the port and its variable',
  async (host) => {
    const port = await listenOn(host);
    await expect(claimPort(port, 'API_PORT')).rejects.toThrow(
      `port ${port} is taken; stop what listens there or set API_PORT to another`,
    );
  },
);

test('a port that two settings ask for is told with both names', async () => {
  const port = await listenOn('127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  await expect(claimPort(port, 'API_PORT')).resolves.toBe(port);
  await expect(claimPort(port, 'KAFKA_PORT')).rejects.toThrow(`port ${port} is wanted by both API_PORT and KAFKA_PORT`);
});

test.each([0, -1, 65_536, Number.NaN, 1.5])('%p is refused as a port', async (port) => {
  await expect(claimPort(port, 'MONGO_PORT')).rejects.toThrow('MONGO_PORT is not a port from 1 to 65535');
});
