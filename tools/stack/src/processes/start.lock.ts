import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StackError } from '../stack.errors.ts';
import { startTimeOf } from './process.table.ts';

/** The pid of the start that has the lock and still runs. */
export const lockOwner = (file: string): number | undefined => {
  const [pid, start] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  const runningSince = startTimeOf(Number(pid));
  return runningSince !== undefined && runningSince === start ? Number(pid) : undefined;
};

/**
 * Allows one start for each folder. The lock file has the pid and the start time of its owner. A lock is ignored when its
 * owner has ended, also when another process has the same pid now.
 * @throws StackError when the owner still runs
 */
export const takeLock = (file: string): void => {
  const ownFile = `${file}.${process.pid}`;
  writeFileSync(ownFile, `${process.pid} ${startTimeOf(process.pid)}`);
  try {
    for (;;) {
      try {
        // A rename would replace the lock that another start has just made. A link fails.
        return linkSync(ownFile, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const pid = lockOwner(file);
      if (pid !== undefined)
        throw new StackError(`another start runs here as pid ${pid}; stop it first (Ctrl-C, or kill ${pid})`);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(ownFile);
  }
};
