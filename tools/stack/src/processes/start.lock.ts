import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { startTimeOf } from './process.table.ts';
import { StackError } from '../stack.errors.ts';

/**
 * One start a folder. The file names its owner by pid and start time, so that a lock whose owner is gone holds nobody
 * up, even where its pid is another process's now.
 * @throws StackError when the owner runs
 */
export const takeLock = (file: string): void => {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startTimeOf(process.pid)}`);
  try {
    for (;;) {
      try {
        // Unlike a rename, a link fails where another start has just put its own.
        return linkSync(own, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const [pid, start] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
      const alive = startTimeOf(Number(pid));
      if (alive !== undefined && alive === start)
        throw new StackError(`another start runs here as pid ${pid}; stop it first (Ctrl-C, or kill ${pid})`);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(own);
  }
};
