import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process of one machine, also after another one got its pid. */
export interface RunOwner {
  /** The machine since its last boot, and the space of its pids: a container has its own. */
  place: string;
  pid: number;
  /** When the process began, in ticks since the boot; empty where the system does not say. */
  start: string;
}

const firstOf = (...reads: (() => string)[]): string => {
  for (const read of reads) {
    try {
      return read();
    } catch {
      // This system has no such file.
    }
  }
  return '';
};

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)). The name of the program, in parentheses, may have spaces. */
const startOf = (pid: number): string =>
  firstOf(
    () =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? '',
  );

const placeOfThisProcess = (): string => {
  const boot = firstOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), hostname);
  return `${boot}/${firstOf(() => readlinkSync('/proc/self/ns/pid'))}`;
};

export const ownerOf = (pid: number): RunOwner => ({ place: placeOfThisProcess(), pid, start: startOf(pid) });

export const ownerText = ({ place, pid, start }: RunOwner): string => `${place}/${pid}/${start}`;

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Whether the process of this text lives. `unknown`: it is one of another machine, of another container, or of before the last
 * boot, so it may live where this process can't look.
 */
export const stateOf = (text: string): 'lives' | 'gone' | 'unknown' => {
  const [, place = '', pid = '', start = ''] = /^(.+)\/(\d+)\/(\d*)$/.exec(text) ?? [];
  if (place !== placeOfThisProcess()) return 'unknown';
  if (!isThere(Number(pid))) return 'gone';
  return startOf(Number(pid)) === start ? 'lives' : 'gone';
};
