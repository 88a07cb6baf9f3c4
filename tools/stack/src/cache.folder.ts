import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Whether the folder can be made or written. Nothing is made here. */
export const canWriteBelow = (folder: string): boolean => {
  if (!existsSync(folder)) return dirname(folder) !== folder && canWriteBelow(dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const homeFolder = (): string | undefined => {
  try {
    return homedir();
  } catch {
    // HOME is not set, and this user has no entry in passwd.
    return undefined;
  }
};

/** In the home folder. When it can't be written, in the clone; but what somebody has put there is still used. */
export const defaultCache = (home = homeFolder(), clone = process.cwd()): string => {
  const inHome = home ? join(resolve(home), '.cache', 'wiber') : undefined;
  return inHome && (existsSync(inHome) || canWriteBelow(inHome)) ? inHome : join(clone, '.wiber', 'cache');
};
