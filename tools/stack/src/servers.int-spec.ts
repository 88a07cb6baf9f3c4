import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { startTimeOf } from './process.table.ts';
import { cached } from './server.binaries.ts';

interface Ready {
  kafka: string[];
  mongoUri: string;
  runFile: string;
}

interface RunFile {
  kafka: { id: string; pid: number }[];
  mongo: { id: string; pid: number }[];
}

const root = join(import.meta.dirname, '..', '..', '..');
const main = join(import.meta.dirname, 'main.ts');

const until = async (condition: () => boolean, what: string): Promise<void> => {
  const late = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > late) throw new Error(`it did not come to be that ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 50));
  }
};

const up = async (): Promise<{ child: ChildProcess; lines: Interface; ready: Ready; run: RunFile }> => {
  const child = spawn(process.execPath, [main, 'servers', '--ephemeral', '--json'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! });
  const ready = JSON.parse(await new Promise<string>((resolve) => lines.once('line', resolve))) as Ready;
  return { child, lines, ready, run: JSON.parse(readFileSync(ready.runFile, 'utf8')) as RunFile };
};

const pidsOf = ({ kafka, mongo }: RunFile): number[] => [...kafka, ...mongo].map(({ pid }) => pid);

test.each<[string, (child: ChildProcess) => void]>([
  ['the end of its input', (child) => child.stdin!.end()],
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['kill -9 of its parent', (child) => child.kill('SIGKILL')],
])('%s leaves no server process and no folder behind', async (_, end) => {
  const { child, ready, run } = await up();
  expect(pidsOf(run).map(startTimeOf)).not.toContain(undefined);
  end(child);
  await until(() => pidsOf(run).every((pid) => startTimeOf(pid) === undefined), 'the servers are gone');
  await until(() => !existsSync(dirname(ready.runFile)), 'the folder is gone');
});

test('a broker that dies is started again, and run.json has its new pid', async () => {
  const { child, ready, run } = await up();
  const before = run.kafka[0]!.pid;
  process.kill(before, 'SIGKILL');
  const now = () => (JSON.parse(readFileSync(ready.runFile, 'utf8')) as RunFile).kafka[0]!.pid;
  await until(() => now() !== before && startTimeOf(now()) !== undefined, 'another broker runs');
  const after = now();
  child.stdin!.end();
  await until(() => startTimeOf(after) === undefined && !existsSync(ready.runFile), 'all is gone');
});

test('a taken port is one line that names the port and its variable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const folder = mkdtempSync(join(tmpdir(), 'wiber-port-'));
  const child = spawn(process.execPath, [main, 'servers'], {
    cwd: folder,
    env: { ...process.env, KAFKA_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  server.close();
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  expect(said.trim()).toBe(`wiber: port ${port} is taken; stop what listens there or set KAFKA_PORT to another`);
});

test('a cached download that is not whole is made again, a whole one is not', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'wiber-cache-'));
  let fills = 0;
  const fill = (folder: string) => {
    fills += 1;
    writeFileSync(join(folder, 'jar'), 'good');
  };
  const folder = await cached('thing', fill, cache);
  await cached('thing', fill, cache);
  expect(fills).toBe(1);
  writeFileSync(join(folder, 'jar'), 'bad');
  await cached('thing', fill, cache);
  expect(fills).toBe(2);
  expect(readFileSync(join(folder, 'jar'), 'utf8')).toBe('good');
  rmSync(cache, { recursive: true });
});
