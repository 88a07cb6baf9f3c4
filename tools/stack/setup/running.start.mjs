// Finds the start that runs in this clone. Its processes load what they need from node_modules, also hours later.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './process.table.mjs';

/** src/processes/start.lock.ts makes the lock: a folder. A lock of an earlier version is a file. */
const namesIn = (lock) => {
  try {
    return readdirSync(lock);
  } catch (error) {
    return error.code === 'ENOTDIR' ? [readFileSync(lock, 'utf8').replace(' ', '-')] : [];
  }
};

/** The pid of the start that has the lock of this clone and still runs. */
export const runningStart = (root) => {
  const owners = namesIn(join(root, '.wiber', 'lock')).map((name) => name.split('-'));
  const owner = owners.find(([pid, start]) => start && startTimeOf(Number(pid)) === start);
  return owner && Number(owner[0]);
};
