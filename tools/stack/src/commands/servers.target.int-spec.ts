import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../processes/ports.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { lockOwner } from '../processes/start.lock.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
let target: ChildProcess;
let output: string;
let ended: Promise<number | null>;

const start = async (env: Record<string, string> = {}): Promise<void> => {
  const [kafka, controller, mongo] = await freePorts(3);
  target = spawn(process.execPath, [join(import.meta.dirname, 'servers.target.ts')], {
    cwd: temp.path,
    env: {
      ...process.env,
      KAFKA_PORT: String(kafka),
      KAFKA_CONTROLLER_PORT: String(controller),
      MONGO_PORT: String(mongo),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  output = '';
  for (const stream of [target.stdout!, target.stderr!])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  ended = new Promise((resolve) => target.once('close', resolve));
};

const serverPids = async (): Promise<number[]> => {
  await until(() => output.includes('MongoDB mongodb://'), 'the servers are up');
  const run = JSON.parse(readFileSync(join(temp.path, '.wiber', 'run.json'), 'utf8')) as Record<
    'kafka' | 'mongo',
    { pid: number }[]
  >;
  return [...run.kafka, ...run.mongo].map(({ pid }) => pid);
};
const gone = (pids: number[]) => pids.every((pid) => startTimeOf(pid) === undefined);

beforeEach(() => (temp = new TempFolder()));
afterEach(async () => {
  target.kill('SIGKILL');
  await until(() => lockOwner(join(temp.path, '.wiber', 'lock')) === undefined, 'the program has ended');
  temp.remove();
});

test('a stop ends the servers in order, although none of them is a child of the target', async () => {
  await start();
  const pids = await serverPids();
  const children = readFileSync(`/proc/${target.pid}/task/${target.pid}/children`, 'utf8');
  expect(children).toBe('');
  target.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(gone(pids)).toBe(true);
  expect(output).not.toContain('started again');
  const log = readFileSync(join(temp.path, '.wiber', 'logs', 'mongo-1.log'), 'utf8');
  expect(log).toContain('"exitCode":0');
});

test('kill -9 of the target ends the servers too', async () => {
  await start();
  const pids = await serverPids();
  target.kill('SIGKILL');
  await until(() => gone(pids), 'the servers have ended');
});

test('when the servers cannot start, the reason is printed and the target fails', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await start({ KAFKA_PORT: String(port) });
  expect(await ended).toBe(1);
  taken.close();
  expect(output).toBe(`wiber: port ${port} is taken; stop what listens there or set KAFKA_PORT to another\n`);
});
