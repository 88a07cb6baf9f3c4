// Which npm commands run in this clone. Each of them loads what it needs from node_modules, also hours later.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './process.table.mjs';

const folderOf = (root) => join(root, '.wiber', 'commands');

/** Says that this command runs, until this process ends. Nobody is told where the clone can't be written. */
export const announceCommand = (root, command) => {
  const folder = folderOf(root);
  const file = join(folder, `${process.pid}-${startTimeOf(process.pid)}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, command);
  } catch {
    return;
  }
  process.on('exit', () => rmSync(file, { force: true }));
};

const namesIn = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was announced yet.
    return [];
  }
};

const commandIn = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ends at this moment.
    return 'command';
  }
};

const removeLeft = (file) => {
  try {
    rmSync(file, { force: true });
  } catch {
    // Another user has left it.
  }
};

/** Another command that runs here, with its pid. What a command that was killed has left is removed. */
export const otherCommand = (root) => {
  const folder = folderOf(root);
  for (const name of namesIn(folder)) {
    const [pid, start] = name.split('-');
    const file = join(folder, name);
    if (Number(pid) === process.pid) continue;
    if (startTimeOf(Number(pid)) !== start) removeLeft(file);
    else return { pid: Number(pid), command: commandIn(file) };
  }
  return undefined;
};
