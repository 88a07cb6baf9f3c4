// Outlives its parent by a moment: when the pipe on stdin ends, whatever the parent left is ended and removed.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFileSync, rmSync } from 'node:fs';
import { startTimeOf } from './process.table.ts';

const processes = new Map<number, string | undefined>();
const folders = new Set<string>();
const containers = new Set<string>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** Small disks: proc_mounts(5) has the place in its second field. */
const mountsIn = (folder: string): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb, argument = ''] = [line.slice(0, 1), line.slice(1)];
  if (verb === '+') processes.set(Number(argument), startTimeOf(Number(argument)));
  if (verb === '-') processes.delete(Number(argument));
  if (verb === 'c') containers.add(argument);
  if (verb === 'd') folders.add(argument);
});
lines.on('close', () => void reap());

const reap = async (): Promise<void> => {
  // The start time tells a process from a later one that was given its pid.
  const left = () => [...processes].filter(([pid, start]) => start !== undefined && startTimeOf(pid) === start);
  for (const signal of ['SIGCONT', 'SIGTERM', 'SIGKILL'] as const) {
    for (const [pid] of left()) {
      try {
        process.kill(-pid, signal);
      } catch {
        // It went by itself.
      }
    }
    for (let wait = 0; signal === 'SIGTERM' && wait < 30 && left().length > 0; wait += 1) {
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    }
  }
  for (let wait = 0; wait < 50 && left().length > 0; wait += 1)
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  // A container outlives its client.
  if (containers.size > 0) spawnSync('docker', ['rm', '-f', ...containers], { stdio: 'ignore', timeout: 60_000 });
  for (const folder of folders) {
    const mounts = mountsIn(folder);
    if (mounts.length > 0) spawnSync('umount', mounts, { stdio: 'ignore', timeout: 60_000 });
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
};
