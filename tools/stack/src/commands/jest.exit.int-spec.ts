import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jestExit } from './jest.exit.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-exit-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the results file as Jest does, then runs the code in `then`. */
const child = (outputFile: string, then: string) =>
  spawn(process.execPath, ['-e', `require('node:fs').writeFileSync(${JSON.stringify(outputFile)}, '{}'); ${then}`]);

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
