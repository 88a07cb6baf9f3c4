import { obeyInput, readyLine } from '../servers/control.protocol.ts';
import { Servers, type ServerOptions } from '../servers/servers.ts';

/** Resolves on SIGTERM, SIGINT, or when the parent is gone. */
export const untilToldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), 300).unref();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });

/** Only the servers. With `json`, one line says where they are, and lines on stdin kill, stop, start, pause, resume. */
export const serversCommand = async (options: ServerOptions & { json: boolean }): Promise<void> => {
  const told = untilToldToStop();
  const servers = new Servers(options);
  const end = options.json ? Promise.race([told, obeyInput(servers)]) : told;
  try {
    const ended = await Promise.race([servers.start(), end.then(() => 'told')]);
    if (ended !== 'told') {
      const { bootstrap, mongoUri } = servers;
      process.stdout.write(options.json ? readyLine(servers) : `Kafka ${bootstrap}\nMongoDB ${mongoUri}\n`);
      await end;
    }
  } finally {
    await servers.stop();
  }
};
