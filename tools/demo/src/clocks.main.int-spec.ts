import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, 'clocks.main.ts');

let out: string;
beforeEach(() => void (out = mkdtempSync(join(tmpdir(), 'wiber-clocks-'))));
afterEach(() => rmSync(out, { recursive: true }));

const run = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output })));
};

test.each([
  [['--messages', '2'], "--messages is '2'; it must be a whole number from 4 to 100"],
  [['--replies', '10', '--messages', '5'], '--replies has no talk, so it takes neither --messages nor --seed'],
  [['--out', '/proc/x'], "--out is '/proc/x', where no file can be written: ENOENT"],
])('the arguments %j are refused with one line and code 2, before anything starts', async (args, line) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^demo:clocks: [^\n]+\n$/);
  expect(stderr).toContain(line);
});

test('without libfaketime one line says what to install, nothing is started, and no result of an earlier run is left', async () => {
  for (const name of ['clocks.svg', 'clocks.json', 'replies.json']) writeFileSync(join(out, name), 'earlier');
  const { code, stderr } = await run(['--out', out], { FAKETIME_LIB: '/nowhere/libfaketime.so.1' });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'demo:clocks: wrong clocks need libfaketime, which this machine lacks; install it (Debian: libfaketime) or set ' +
      'FAKETIME_LIB to libfaketime.so.1\n',
  });
  expect(readdirSync(out)).toEqual(['replies.json']);
});

test('--help prints the options and starts nothing', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('npm run demo:clocks -- [options]');
});
