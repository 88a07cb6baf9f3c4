import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeResultsFolder } from './results.folder.ts';

let temp: string;
beforeEach(() => (temp = mkdtempSync(join(tmpdir(), 'wiber-results-'))));
afterEach(() => rmSync(temp, { recursive: true }));

test('a folder is made with the folders above it, and one that exists is taken as it is', () => {
  const folder = join(temp, 'a', 'b', 'c');
  makeResultsFolder(folder);
  writeFileSync(join(folder, 'results.json'), '{}');
  makeResultsFolder(folder);
  expect(readdirSync(folder)).toEqual(['results.json']);
});

test('a folder that cannot be made or written is refused at once', () => {
  writeFileSync(join(temp, 'file'), '');
  symlinkSync('/nowhere/at/all', join(temp, 'dangling'));
  const impossible = [
    join(temp, 'file'),
    join(temp, 'file', 'x'),
    join(temp, 'dangling'),
    '/proc/x',
    '/proc/x/y',
    '/proc',
  ];
  for (const folder of impossible) expect(() => makeResultsFolder(folder)).toThrow(/^E(EXIST|NOTDIR|NOENT)/);
});
