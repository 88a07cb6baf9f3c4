import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './process.table.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { takeLock } from './start.lock.ts';

let temp: TempFolder;
let file: string;
beforeEach(() => {
  temp = new TempFolder();
  file = join(temp.path, 'lock');
});
afterEach(() => temp.remove());

test.each([
  ['whose process has ended', () => '4194305 7'],
  ['whose pid another process has now', () => `${process.pid} 1`],
  ['that was not fully written', () => ''],
])('a lock %s is ignored', (_, text) => {
  temp.write('lock', text());
  takeLock(file);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${startTimeOf(process.pid)}`);
  expect(readdirSync(temp.path).sort()).toEqual(['bin', 'lock']);
});

test('a lock whose owner still runs gives one line with its pid', () => {
  const own = `${process.pid} ${startTimeOf(process.pid)}`;
  temp.write('lock', own);
  expect(() => takeLock(file)).toThrow(
    `another start runs here as pid ${process.pid}; stop it first (Ctrl-C, or kill ${process.pid})`,
  );
  expect(readFileSync(file, 'utf8')).toBe(own);
});
