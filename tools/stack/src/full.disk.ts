import { StackError } from './stack.errors.ts';

/** No space on the disk, and none for this user. */
const CODES = new Set(['ENOSPC', 'EDQUOT']);
/** How programs say it: strerror(3) in C, Python and Java, the codes in Node. */
const SAID = /No space left on device|Disk quota exceeded|\b(?:ENOSPC|EDQUOT)\b/i;
const ADVICE = 'free some space, or put the clone, TMPDIR or WIBER_CACHE on another disk, and start again';

/** Thrown when a disk is full, whatever met it first. */
class FullDiskError extends StackError {
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
