import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHandles, reportFlags } from './exit.report.ts';
import { jestExit } from './jest.exit.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-exit-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the results file as Jest does, then runs the code in `then`. */
const child = (outputFile: string, then: string) =>
  spawn(process.execPath, [
    ...reportFlags(folder),
    '-e',
    `require('node:fs').writeFileSync(${JSON.stringify(outputFile)}, '{}'); ${then}`,
  ]);

test('a run that ends by itself gives its exit code', async () => {
  const outputFile = join(folder, 'ends.json');
  const code = await jestExit(child(outputFile, 'process.exitCode = 3'), { outputFile, lingerMs: 60_000 });
  expect(code).toBe(3);
});

test('a run that has written its results and does not end is killed, and gives no exit code', async () => {
  const outputFile = join(folder, 'hangs.json');
  const hanging = child(outputFile, 'setInterval(() => {}, 1000)');
  expect(await jestExit(hanging, { outputFile, lingerMs: 100 })).toBeNull();
  expect(hanging.signalCode).toBe('SIGKILL');
});

test('what keeps a process alive is named: its ports, connections, timers and children', async () => {
  const program = `
    const { port } = await new Promise((resolve) => {
      const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server.address()));
    });
    net.connect(port, '127.0.0.1').once('connect', () => {
      setTimeout(() => {}, 60_000);
      const child = child_process.spawn('sleep', ['60']);
      console.log(JSON.stringify({ port, child: child.pid }));
    });`;
  const own = mkdtempSync(join(folder, 'own-'));
  const holding = spawn(process.execPath, [...reportFlags(own), '-e', `(async () => {${program}})()`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise<Buffer>((resolve) => holding.stdout.once('data', resolve));
  const { port, child: sleeping } = JSON.parse(line.toString()) as { port: number; child: number };
  const open = await openHandles(holding, own);
  process.kill(sleeping);
  holding.kill('SIGKILL');
  expect(open).toEqual(
    expect.arrayContaining([
      `tcp port ${port}`,
      `tcp connection to 127.0.0.1:${port}`,
      `child process ${sleeping}`,
      expect.stringMatching(/^timers, the next in \d+ ms$/) as unknown,
    ]),
  );
});
