import { statfsSync } from 'node:fs';
import { StackError } from './stack.errors.ts';

/** No space on the disk, and none for this user. */
const CODES = new Set(['ENOSPC', 'EDQUOT']);
/** How programs say it: strerror(3) in C, Python and Java, the codes in Node. */
const SAID = /No space left on device|Disk quota exceeded|\b(?:ENOSPC|EDQUOT)\b/i;
const ADVICE = 'free some space, or put the clone, TMPDIR or WIBER_CACHE on another disk, and start again';
const MIB = 1024 ** 2;
/** A mongod makes journal files of 100 MiB at once. With less than this free, it may end. */
export const FULL_BYTES = 128 * MIB;

/** Thrown when a disk is full, whatever met it first. */
export class FullDiskError extends StackError {
  constructor(detail: string) {
    super(`a disk is full (${detail}); ${ADVICE}`);
  }
}

/** One sentence for an error that means that a disk is full, with the file where the system names it; undefined for any other. */
export const fullDiskFrom = (error: unknown): StackError | undefined => {
  if (error instanceof FullDiskError) return error;
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return CODES.has(code) ? new FullDiskError(message) : fullDiskIn(message);
};

/** The same for what a program wrote before it failed. */
export const fullDiskIn = (output: string): StackError | undefined => {
  const line = output.split('\n').find((text) => SAID.test(text));
  return line === undefined ? undefined : new FullDiskError(line.trim());
};

/**
 * What the disks of these folders say after a failure near them: a server that ends on a full disk may name no disk, or not
 * be able to write its log. Undefined when all of them have space.
 */
export const fullDiskAt = (folders: readonly string[], fullBytes = FULL_BYTES): string | undefined => {
  for (const folder of new Set(folders)) {
    const { bytes, hasFiles } = freeAt(folder);
    if (bytes < fullBytes) return `the disk of ${folder} has ${Math.floor(bytes / MIB)} MiB free`;
    if (!hasFiles) return `the disk of ${folder} takes no more files`;
  }
  return undefined;
};

const freeAt = (folder: string): { bytes: number; hasFiles: boolean } => {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    // Where the number of files has no bound, both are 0.
    return { bytes: bavail * bsize, hasFiles: files === 0 || ffree > 0 };
  } catch {
    // The folder is not there: nothing was written.
    return { bytes: Infinity, hasFiles: true };
  }
};
