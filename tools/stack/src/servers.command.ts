import { createInterface } from 'node:readline';
import { Servers, type ServerOptions } from './servers.ts';

/** Resolves on SIGTERM, SIGINT, or when the parent is gone. */
export const untilToldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), 300).unref();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });

interface ControlRequest {
  id: number;
  op: 'kill' | 'stop' | 'start' | 'pause' | 'resume';
  name: string;
}

const obey = async (servers: Servers, { op, name }: ControlRequest): Promise<void> => {
  const { supervisor } = servers;
  if (op === 'kill') return supervisor.hold(name, 'SIGKILL');
  if (op === 'stop') return supervisor.hold(name, 'SIGTERM');
  if (op === 'pause') return supervisor.signal(name, 'SIGSTOP');
  if (op === 'resume') return supervisor.signal(name, 'SIGCONT');
  supervisor.resume(name);
  await servers.awaitServing();
};

/** Only the servers. With `json`, one line says where they are, and lines on stdin kill, stop, start, pause, resume. */
export const serversCommand = async (options: ServerOptions & { json: boolean }): Promise<void> => {
  const told = untilToldToStop();
  const servers = new Servers(options);
  const eof = new Promise<void>((resolve) => {
    if (!options.json) return;
    const lines = createInterface({ input: process.stdin });
    lines.on('close', resolve);
    lines.on('line', (line) => void answer(line));
    const answer = async (line: string): Promise<void> => {
      const request = JSON.parse(line) as ControlRequest;
      const reply = await obey(servers, request).then(
        () => ({ id: request.id, ok: true, pid: servers.supervisor.pidOf(request.name) }),
        (error: Error) => ({ id: request.id, ok: false, error: error.message }),
      );
      process.stdout.write(`${JSON.stringify(reply)}\n`);
    };
  });
  try {
    const ended = await Promise.race([servers.start(), told.then(() => 'told'), eof.then(() => 'told')]);
    if (ended !== 'told') {
      const { bootstrap, mongoUri, runFile } = servers;
      const ready = { ready: true, kafka: bootstrap.split(','), mongoUri, runFile };
      process.stdout.write(options.json ? `${JSON.stringify(ready)}\n` : `Kafka ${bootstrap}\nMongoDB ${mongoUri}\n`);
      await Promise.race([told, eof]);
    }
  } finally {
    await servers.stop();
  }
};
