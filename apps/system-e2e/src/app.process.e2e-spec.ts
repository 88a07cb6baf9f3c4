import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';

const SPEC_THAT_IS_KILLED = `
  import { AppProcess } from '@wiber/harness';
  const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: 'mongodb://127.0.0.1:1/' };
  const app = await AppProcess.start('gateway', nowhere, 'liveness');
  process.stdout.write(app.pid + '\\n');
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an app ends when the process that started it is killed', async () => {
  const spec = spawn(process.execPath, ['--input-type=module', '--eval', SPEC_THAT_IS_KILLED], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(
    await new Promise<string>((resolve) => createInterface({ input: spec.stdout }).once('line', resolve)),
  );
  expect(isAlive(pid)).toBe(true);
  spec.kill('SIGKILL');
  await eventually(() => expect(isAlive(pid)).toBe(false));
});

/** Sends the bytes on a connection of its own and resets it at once. */
const sendAndReset = (url: string, bytes: string): Promise<void> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes, () => socket.resetAndDestroy()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });

test.each(['gateway', 'ingest', 'metrics'] as const)(
  '%s outlives clients that reset their connection after an odd request',
  async (name) => {
    const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: 'mongodb://127.0.0.1:1/' };
    const app = await AppProcess.start(name, nowhere, 'liveness');
    try {
      const head = 'Host: x\r\n\r\n';
      const odd = [
        `CONNECT a:1 HTTP/1.1\r\n${head}`,
        `GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${head}`,
        `GET / HTTP/1.1\r\nExpect: a-miracle\r\n${head}`,
        `POST /messages HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n${head}`,
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${head}`,
        'no HTTP\r\n\r\n',
        'GET / HTTP/1.1\r\nHos',
      ];
      for (const bytes of odd) await Promise.all(Array.from({ length: 20 }, () => sendAndReset(app.url, bytes)));
      expect((await fetch(`${app.url}/health/liveness`)).status).toBe(200);
    } finally {
      await app.end('SIGKILL');
    }
  },
);

test('when one of several apps does not start, the others are ended', async () => {
  const env = await freshSystem();
  const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
  const before = children();
  const starts = AppProcess.startAll([
    ['gateway', env],
    ['ingest', { ...env, LOG_LEVEL: 'loud' }],
  ]);
  await expect(starts).rejects.toThrow('ingest did not start');
  await eventually(() => expect(children()).toBe(before));
});
