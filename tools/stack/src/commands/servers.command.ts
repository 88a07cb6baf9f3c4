import { printableUri } from '../printable.uri.ts';
import { readyLine, serveControlRequests } from '../servers/control.protocol.ts';
import type { ServerOptions } from '../servers/server.options.ts';
import { Servers } from '../servers/servers.ts';
import { stopRequested } from './stop.signal.ts';

/** Runs only the servers, until a stop is requested. With `json`, it also serves the control protocol. */
export const serversCommand = async (options: ServerOptions & { json: boolean }): Promise<void> => {
  const signalled = stopRequested();
  const servers = new Servers(options);
  let isDiscarded = false;
  const inputEnded = async () => {
    await serveControlRequests(servers);
    isDiscarded = true;
  };
  const stop = options.json ? Promise.race([signalled, inputEnded()]) : signalled;
  try {
    const first = await Promise.race([servers.start().then(() => 'ready'), stop.then(() => 'stop')]);
    if (first === 'ready') {
      const { bootstrap, mongoUri } = servers;
      process.stdout.write(
        options.json ? readyLine(servers) : `Kafka ${bootstrap}\nMongoDB ${printableUri(mongoUri)}\n`,
      );
      await stop;
    }
  } finally {
    await (isDiscarded ? servers.discard() : servers.stop());
  }
};
