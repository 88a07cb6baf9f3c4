import { readFileSync } from 'node:fs';
import { StackError } from '../stack.errors.ts';

/** Kafka opens its 45 jars and three files for each partition, mongod one for each collection and index. */
const OPEN_FILES_MIN = 1024;

const LIMITS = '/proc/self/limits';

/** How many files this process may have open, from proc_pid_limits(5). Undefined where there is no such file. */
const openFilesLimit = (file: string): number | undefined => {
  try {
    const limit = /^Max open files\s+(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    return limit === 'unlimited' ? Infinity : Number(limit);
  } catch {
    return undefined;
  }
};

/**
 * Node raises its limit to the hard limit when it starts, and its children have the same, so a low one can't be mended here.
 * @throws StackError when so few files may be open that the servers end later, in the middle of their work
 */
export const requireOpenFiles = (file = LIMITS): void => {
  const limit = openFilesLimit(file);
  if (limit === undefined || !(limit < OPEN_FILES_MIN)) return;
  throw new StackError(
    `a process may have ${limit} files open here, and the servers need ${OPEN_FILES_MIN}; raise the hard limit (ulimit -Hn)`,
  );
};
