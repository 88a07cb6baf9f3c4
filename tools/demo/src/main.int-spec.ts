import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@wiber/harness';

const main = join(import.meta.dirname, 'main.ts');

let folder: string;
let child: ChildProcess;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wiber-demo-'))));
afterEach(() => {
  // After a test that failed. The stack ends with its parent.
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program with its temporary files in `folder`. */
const start = (...args: string[]): { ended: Promise<Ended>; output: Omit<Ended, 'status'> } => {
  child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return {
    output,
    ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, ...output }))),
  };
};

test.each([
  [['everyone'], "'everyone' can't be killed; there are leader, ingest, broker, primary, gateway, all"],
  [['leader', '--out', '/proc/x'], "--out is '/proc/x', where no file can be written: ENOENT"],
])('the arguments %j are refused with one line and code 2, before anything starts', async (args, line) => {
  const { status, stdout, stderr } = await start(...args).ended;
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`demo:failover: ${line}`);
  expect(stderr).toMatch(/^[^\n]+\n$/);
});

/** The command lines of the processes whose environment names the folder. */
const processesOf = (name: string): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      const isOurs = /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${name}\0`);
      return isOurs ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });

/** Programs such as Nx keep a cache of Node's there as well. */
const clusterFolders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('wiber-'));

test('a SIGINT while the cluster starts ends it with one line, and no process and no folder of it is left', async () => {
  const out = mkdtempSync(join(tmpdir(), 'wiber-demo-out-'));
  try {
    const { ended, output } = start('gateway', '--out', out);
    // Its folder is there once its servers are being started.
    await eventually(() => expect(clusterFolders()).not.toEqual([]), { within: 60_000 });
    child.kill('SIGINT');
    // A Ctrl-C comes more than once.
    child.kill('SIGINT');
    const { status } = await ended;
    expect(output.stderr).toContain('demo:failover: stopped by SIGINT');
    expect(status).toBe(130);
    expect(processesOf(folder)).toEqual([]);
    expect(clusterFolders()).toEqual([]);
  } finally {
    rmSync(out, { recursive: true });
  }
});
