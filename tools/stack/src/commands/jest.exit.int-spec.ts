import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilEnded } from './jest.exit.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-ending-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes its results as Jest does, then does as it is told. */
const child = (outputFile: string, then: string) =>
  spawn(process.execPath, ['-e', `require('node:fs').writeFileSync(${JSON.stringify(outputFile)}, '{}'); ${then}`]);

test('a run that ends by itself is told by its code', async () => {
  const outputFile = join(folder, 'ends.json');
  const code = await untilEnded(child(outputFile, 'process.exitCode = 3'), { outputFile, lingerMs: 60_000 });
  expect(code).toBe(3);
});

test('a run that has written its results and does not end is ended, and has no code', async () => {
  const outputFile = join(folder, 'hangs.json');
  const hanging = child(outputFile, 'setInterval(() => {}, 1000)');
  expect(await untilEnded(hanging, { outputFile, lingerMs: 100 })).toBeNull();
  expect(hanging.signalCode).toBe('SIGKILL');
});
