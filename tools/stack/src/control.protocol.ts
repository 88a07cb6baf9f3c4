import { createInterface } from 'node:readline';
import type { Servers } from './servers.ts';

interface ControlRequest {
  id: number;
  op: 'kill' | 'stop' | 'start' | 'pause' | 'resume';
  /** kafka-1, mongo-1, gateway-1, … */
  name: string;
}

const obey = async (servers: Servers, { op, name }: ControlRequest): Promise<void> => {
  const { supervisor } = servers;
  if (op === 'kill') return supervisor.hold(name, 'SIGKILL');
  if (op === 'stop') return supervisor.hold(name, 'SIGTERM');
  if (op === 'pause') return supervisor.signal(name, 'SIGSTOP');
  if (op === 'resume') return supervisor.signal(name, 'SIGCONT');
  supervisor.resume(name);
  if (!servers.apps.some(({ instance }) => instance === name)) await servers.awaitServing();
};

/**
 * A JSON line on stdin, `{id, op, name}`, does something to a process; the answer is a line on stdout, `{id, ok, pid}` or
 * `{id, ok: false, error}`. Resolves when stdin ends: whoever started this is gone.
 */
export const obeyInput = (servers: Servers): Promise<void> =>
  new Promise((resolve) => {
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

/** The one line that says where everything is, for the program that started this. */
export const readyLine = ({ bootstrap, mongoUri, runFile }: Servers): string =>
  `${JSON.stringify({ ready: true, kafka: bootstrap.split(','), mongoUri, runFile })}\n`;
