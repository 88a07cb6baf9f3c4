import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** One folder after the other: `recursive` of Node 24 repeats for ever where a file system makes no folders, as in /proc. */
const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(folder) !== folder) {
      makeFolder(dirname(folder));
      mkdirSync(folder);
    } else if (codeOf(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
};

/**
 * Makes the folder for the results of a run, and writes a file there. Call it before the run: afterwards a folder that
 * can't be written would lose the results.
 * @throws the error of the file system
 */
export const makeResultsFolder = (folder: string): void => {
  makeFolder(resolve(folder));
  const probe = join(folder, `.wiber-${process.pid}`);
  writeFileSync(probe, '.');
  rmSync(probe);
};
