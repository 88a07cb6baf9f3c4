import { createServer, type Server } from 'node:net';
import { PortClaims, freePorts } from './ports.ts';

let server: Server;
let ports: PortClaims;
const listenOn = async (host: string): Promise<number> => {
  server = createServer().listen({ port: 0, host });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as { port: number }).port;
};
beforeEach(() => (ports = new PortClaims()));
afterEach(() => new Promise<void>((resolve) => void (server ? server.close(() => resolve()) : resolve())));

test.each(['127.0.0.1', '0.0.0.0', '::', '::1'])(
  'when something listens on %s, one line names the port and its variable',
  async (host) => {
    const port = await listenOn(host);
    await expect(ports.claim({ port, variable: 'API_PORT' })).rejects.toThrow(
      `port ${port} is taken; stop what listens there or set API_PORT to another`,
    );
  },
);

test.each(['203.0.113.1', 'no.such.host.invalid'])('a host that is not of this machine, %s, is named', async (host) => {
  const port = await listenOn('127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  const claim = { port, variable: 'API_PORT', host, hostVariable: 'API_HOST' };
  await expect(ports.claim(claim)).rejects.toThrow(`API_HOST is '${host}', which is no address of this machine`);
});

test('an address that the machine lacks, as 127.0.0.1 where only ::1 is up, is one line that says how to add it', async () => {
  await expect(freePorts(1, '203.0.113.1')).rejects.toThrow(
    /^this machine has no address 203\.0\.113\.1 \(EADDRNOTAVAIL\), on which .*ip addr add 127\.0\.0\.1\/8 dev lo/,
  );
  const claim = { port: 1024, variable: 'KAFKA_PORT', host: '203.0.113.1' };
  await expect(ports.claim(claim)).rejects.toThrow('this machine has no address 203.0.113.1 (EADDRNOTAVAIL)');
});

test('when two settings have the same port, the error names both', async () => {
  const port = await listenOn('127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  await expect(ports.claim({ port, variable: 'API_PORT' })).resolves.toBe(port);
  await expect(ports.claim({ port, variable: 'KAFKA_PORT' })).rejects.toThrow(
    `port ${port} is wanted by both API_PORT and KAFKA_PORT`,
  );
});

test.each([0, -1, 65_536, Number.NaN, 1.5, 80.5])('%p is refused as a port', async (port) => {
  await expect(ports.claim({ port, variable: 'MONGO_PORT' })).rejects.toThrow(
    'MONGO_PORT is not a port from 1 to 65535',
  );
});
