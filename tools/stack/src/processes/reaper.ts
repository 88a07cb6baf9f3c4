// Runs beside its parent and outlives it for a moment. When the pipe on stdin ends, it ends every process and removes every
// container, mount and folder that the parent has left. ReaperPipe writes the lines.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFileSync, rmSync } from 'node:fs';
import { startTimeOf } from './process.table.ts';

const processes = new Map<number, string | undefined>();
const folders = new Set<string>();
const containers = new Set<string>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** In proc_mounts(5) a space is written as \\040, and so are a tab, a line feed and a backslash. */
const charOf = (octal: string): string => String.fromCharCode(Number.parseInt(octal, 8));

/** The small disks below a folder. In proc_mounts(5) the mount point is the second field. */
const mountsIn = (folder: string): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replace(/\\(\d{3})/g, (_, octal: string) => charOf(octal)))
    .filter((mountPoint) => mountPoint.startsWith(`${folder}/`));

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb, argument = ''] = [line.slice(0, 1), line.slice(1)];
  if (verb === '+') processes.set(Number(argument), startTimeOf(Number(argument)));
  if (verb === '-') processes.delete(Number(argument));
  if (verb === 'c') containers.add(argument);
  // JSON, because a folder's name may hold a line feed.
  if (verb === 'd') folders.add(JSON.parse(argument) as string);
});
lines.on('close', () => void reap());

/** A pid may be given to another process later. Only the start time tells the two apart. */
const runningProcesses = (): number[] =>
  [...processes].filter(([pid, start]) => start !== undefined && startTimeOf(pid) === start).map(([pid]) => pid);

const waitForEnd = async (tenths: number): Promise<void> => {
  for (let wait = 0; wait < tenths && runningProcesses().length > 0; wait += 1)
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
};

const endProcesses = async (): Promise<void> => {
  for (const [signal, tenths] of [
    ['SIGCONT', 0],
    ['SIGTERM', 30],
    ['SIGKILL', 50],
  ] as const) {
    for (const pid of runningProcesses()) {
      try {
        process.kill(-pid, signal);
      } catch {
        // The group has already ended.
      }
    }
    await waitForEnd(tenths);
  }
};

/** A process that is about to end may still use its disk. Then the disk is detached, and freed once nobody uses it. */
const unmountIn = (folder: string): void => {
  for (const options of [[], ['--lazy']]) {
    const mounts = mountsIn(folder);
    if (mounts.length > 0) spawnSync('umount', [...options, ...mounts], { stdio: 'ignore', timeout: 60_000 });
  }
};

const reap = async (): Promise<void> => {
  await endProcesses();
  // A container outlives its client.
  if (containers.size > 0) spawnSync('docker', ['rm', '-f', ...containers], { stdio: 'ignore', timeout: 60_000 });
  for (const folder of folders) unmountIn(folder);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
};
