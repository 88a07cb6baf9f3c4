import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { OpenAPIObject } from '@nestjs/swagger';
import { fastify } from 'fastify';
import { serveDocs } from './docs.pages.ts';
import { FilePieces } from './file.pieces.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const FILE = '/docs/swagger-ui-bundle.js';

test('a client that asks for a file many times and resets its connection leaves nothing to send', async () => {
  const server = fastify();
  const pieces = new FilePieces();
  serveDocs(server, { openapi: '3.1.0', info: { title: '', version: '1' }, paths: {} } as OpenAPIObject, pieces);
  try {
    await server.listen({ host: '127.0.0.1', port: 0 });
    const taken = once(server.server, 'connection') as Promise<[Socket]>;
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    const [socket] = await taken;
    client.write(`GET ${FILE} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(100));
    while (pieces.waitingConnections === 0) await turn();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    client.resetAndDestroy();
    await closed;
    expect(pieces.waitingConnections).toBe(0);
    // What Node tells the streams afterwards brings nothing back.
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(pieces.waitingConnections).toBe(0);
  } finally {
    await server.close();
  }
});
