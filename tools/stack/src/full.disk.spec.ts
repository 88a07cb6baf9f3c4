import { fullDiskFrom, fullDiskIn } from './full.disk.ts';
import { StackError } from './stack.errors.ts';

const ADVICE = 'free some space, or put the clone, TMPDIR or WIBER_CACHE on another disk, and start again';

test.each([
  ['pip', 'WARNING: old\nERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n\nx'],
  ['Maven', '[ERROR] Failed to execute goal: Error copying artifact: No space left on device\n[ERROR] -> [Help 1]'],
  ['Nx', "Error: ENOSPC: no space left on device, write\n    at writeSync (node:fs:1:1)\n  code: 'ENOSPC'"],
  ['a quota', 'mkdir: cannot create directory: Disk quota exceeded'],
])('what %s writes about a full disk becomes one line that says what to do', (_, output) => {
  const { message } = fullDiskIn(output) as StackError;
  expect(message).toMatch(/^a disk is full \(.*(no space left|quota).*\); free some space/i);
  expect(message).toContain(ADVICE);
  expect(message).not.toContain('\n');
});

test('an error of the file system that a full disk causes becomes one line, once', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const full = fullDiskFrom(error);
  expect(full).toBeInstanceOf(StackError);
  expect(full!.message).toBe(`a disk is full (ENOSPC: no space left on device, write); ${ADVICE}`);
  expect(fullDiskFrom(full)).toBe(full);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['an error of the code', new Error('there is space')],
  ['a missing file', Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' })],
  ['an error of the stack', new StackError('mongod does not run')],
])('%s is no full disk', (_, error) => {
  expect(fullDiskFrom(error)).toBeUndefined();
});
