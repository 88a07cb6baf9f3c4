import { createServer, type AddressInfo, type Socket } from 'node:net';
import { socketFactoryOf } from './socket.factory.ts';

test('a connection that is given up is closed, also when the broker hangs and never closes its side', async () => {
  const accepted: Socket[] = [];
  const broker = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => accepted.push(socket));
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const { port } = broker.address() as AddressInfo;
  const connected = Promise.withResolvers<void>();
  const socket = socketFactoryOf()({ host: '127.0.0.1', port, ssl: undefined as never, onConnect: connected.resolve });
  await connected.promise;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write('a request that is never answered');
  socket.end();
  await closed;
  expect(accepted).toHaveLength(1);
  accepted[0]!.destroy();
  await new Promise((resolve) => broker.close(resolve));
});
