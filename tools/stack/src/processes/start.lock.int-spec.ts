import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './process.table.ts';
import { SpecFolder } from '../spec-support/stack.run.ts';
import { takeLock } from './start.lock.ts';

let place: SpecFolder;
let file: string;
beforeEach(() => {
  place = new SpecFolder();
  file = join(place.folder, 'lock');
});
afterEach(() => place.remove());

test.each([
  ['whose process is gone', () => '4194305 7'],
  ['whose pid is another process now', () => `${process.pid} 1`],
  ['that was cut short', () => ''],
])('a lock %s holds nobody up', (_, text) => {
  place.write('lock', text());
  takeLock(file);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${startTimeOf(process.pid)}`);
  expect(readdirSync(place.folder).sort()).toEqual(['bin', 'lock']);
});

test('a lock whose owner runs is one line with its pid', () => {
  const own = `${process.pid} ${startTimeOf(process.pid)}`;
  place.write('lock', own);
  expect(() => takeLock(file)).toThrow(
    `another start runs here as pid ${process.pid}; stop it first (Ctrl-C, or kill ${process.pid})`,
  );
  expect(readFileSync(file, 'utf8')).toBe(own);
});
