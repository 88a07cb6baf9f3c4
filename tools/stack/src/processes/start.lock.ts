import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';
import { startTimeOf } from './process.table.ts';

/** A process, as a lock names it: its pid and its start time in clock ticks since boot. */
const nameOf = (pid: number): string => `${pid}-${startTimeOf(pid)}`;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** The pid, when this process still runs: its pid may belong to another process now. */
const runningPid = (pid = '', start = ''): number | undefined =>
  start !== '' && startTimeOf(Number(pid)) === start ? Number(pid) : undefined;

/** The names in a lock; undefined when there is none. A lock of an earlier version is a file. */
const namesIn = (lock: string): { names: string[]; isFile: boolean } | undefined => {
  try {
    return { names: readdirSync(lock), isFile: false };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) !== 'ENOTDIR') throw error;
  }
  try {
    return { names: [readFileSync(lock, 'utf8').replace(' ', '-')], isFile: true };
  } catch (error) {
    // Another start has just replaced it.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EISDIR') return undefined;
    throw error;
  }
};

const ownerIn = (names: readonly string[]): number | undefined =>
  names.map((name) => runningPid(...name.split('-'))).find((pid) => pid !== undefined);

/** The pid of the start that has the lock and still runs. */
export const lockOwner = (lock: string): number | undefined => ownerIn(namesIn(lock)?.names ?? []);

/** Removes a file that another start may have removed first. EISDIR: the lock of an earlier version is replaced already. */
const removeFile = (file: string): void => {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!['ENOENT', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
  }
};

/**
 * Allows one start for each folder. The lock is a folder with one file, whose name is the owner's. A lock is ignored when its
 * owner has ended. Two starts may find that at the same time: each removes the ended owner by its name, which is never the
 * name of another start, and rename(2) moves a folder only onto an empty one, so that one of the two gets the lock.
 * @throws StackError when the owner still runs
 */
export const takeLock = (lock: string): void => {
  const own = `${lock}.${process.pid}`;
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  writeFileSync(join(own, nameOf(process.pid)), '');
  try {
    while (!isMoved(own, lock)) {
      const found = namesIn(lock);
      if (!found) continue;
      const pid = ownerIn(found.names);
      if (pid !== undefined)
        throw new StackError(`another start runs here as pid ${pid}; stop it first (Ctrl-C, or kill ${pid})`);
      for (const file of found.isFile ? [lock] : found.names.map((name) => join(lock, name))) removeFile(file);
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
};

/** False when the lock has an owner, or is a file. */
const isMoved = (own: string, lock: string): boolean => {
  try {
    renameSync(own, lock);
    return true;
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
    return false;
  }
};
