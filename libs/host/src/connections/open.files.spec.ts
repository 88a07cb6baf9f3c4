import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionsWithin, openFilesMax } from './open.files.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wiber-limits-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const limits = (text: string): string => {
  const file = join(folder, 'limits');
  writeFileSync(file, text);
  return file;
};

test('the limit of open files is the soft limit of the process, and none where nothing says so', () => {
  expect(openFilesMax(limits('Limit  Soft  Hard\nMax open files   1024   4096   files\n'))).toBe(1024);
  expect(openFilesMax(limits('Max open files   unlimited   unlimited   files\n'))).toBe(Infinity);
  expect(openFilesMax(join(folder, 'nowhere'))).toBe(Infinity);
});

test('connections leave 512 files for everything else, and are never more than the setting says', () => {
  expect(connectionsWithin(4096, 1024)).toBe(512);
  expect(connectionsWithin(4096, 4700)).toBe(4096);
  expect(connectionsWithin(100, 1024)).toBe(100);
  expect(connectionsWithin(4096, Infinity)).toBe(4096);
  expect(connectionsWithin(4096, 256)).toBe(16);
});
