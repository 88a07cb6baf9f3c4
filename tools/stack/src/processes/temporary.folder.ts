import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';

/** A new folder for temporary files. @throws StackError when the machine's folder for them can't be used */
export const makeTemporaryFolder = (prefix: string): string => {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StackError(
      `the folder for temporary files, ${tmpdir()}, can't be used (${code}); set TMPDIR to another folder`,
    );
  }
};
