import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../processes/ports.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { SpecFolder, until } from '../spec-support/stack.run.ts';

let place: SpecFolder;
let front: ChildProcess;
let said: string;
let ended: Promise<number | null>;

const start = async (env: Record<string, string> = {}): Promise<void> => {
  const [kafka, controller, mongo] = await freePorts(3);
  front = spawn(process.execPath, [join(import.meta.dirname, 'servers.target.ts')], {
    cwd: place.folder,
    env: {
      ...process.env,
      KAFKA_PORT: String(kafka),
      KAFKA_CONTROLLER_PORT: String(controller),
      MONGO_PORT: String(mongo),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  said = '';
  for (const stream of [front.stdout!, front.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  ended = new Promise((resolve) => front.once('close', resolve));
};

const serverPids = async (): Promise<number[]> => {
  await until(() => said.includes('MongoDB mongodb://'), 'the servers are up');
  const run = JSON.parse(readFileSync(join(place.folder, '.wiber', 'run.json'), 'utf8')) as Record<
    'kafka' | 'mongo',
    { pid: number }[]
  >;
  return [...run.kafka, ...run.mongo].map(({ pid }) => pid);
};
const gone = (pids: number[]) => pids.every((pid) => startTimeOf(pid) === undefined);

beforeEach(() => (place = new SpecFolder()));
afterEach(async () => {
  front.kill('SIGKILL');
  const lock = join(place.folder, '.wiber', 'lock');
  const [pid] = existsSync(lock) ? readFileSync(lock, 'utf8').split(' ') : [];
  await until(() => startTimeOf(Number(pid ?? -1)) === undefined, 'the program has ended');
  place.remove();
});

test('a stop ends the servers in order, though its own tree holds none of them', async () => {
  await start();
  const pids = await serverPids();
  const children = readFileSync(`/proc/${front.pid}/task/${front.pid}/children`, 'utf8');
  expect(children).toBe('');
  front.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(gone(pids)).toBe(true);
  expect(said).not.toContain('started again');
  const log = readFileSync(join(place.folder, '.wiber', 'logs', 'mongo-1.log'), 'utf8');
  expect(log).toContain('"exitCode":0');
});

test('kill -9 of it ends the servers too', async () => {
  await start();
  const pids = await serverPids();
  front.kill('SIGKILL');
  await until(() => gone(pids), 'the servers are gone');
});

test('servers that cannot start are told, and it ends as failed', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await start({ KAFKA_PORT: String(port) });
  expect(await ended).toBe(1);
  taken.close();
  expect(said).toBe(`wiber: port ${port} is taken; stop what listens there or set KAFKA_PORT to another\n`);
});
