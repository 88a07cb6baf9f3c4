import { tmpdir } from 'node:os';
import { fullDiskAt } from './full.disk.ts';

/** A file system without free space, on every Linux. */
const FULL = '/proc';

test('a disk with less free than a server needs at once is full, and is named by the folder on it', () => {
  expect(fullDiskAt([tmpdir(), FULL], 1)).toBe(`the disk of ${FULL} has 0 MiB free`);
  expect(fullDiskAt([tmpdir()], 2 ** 60)).toMatch(/^the disk of .* has \d+ MiB free$/);
});

test('a disk with space, and a folder that is not there, are no full disk', () => {
  expect(fullDiskAt([tmpdir(), '/no/where'], 1)).toBeUndefined();
});
