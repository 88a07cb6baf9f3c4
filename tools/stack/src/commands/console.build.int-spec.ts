import { join } from 'node:path';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { consoleBuildOf } from './console.build.ts';

let temp: TempFolder;
beforeEach(() => {
  temp = new TempFolder();
  temp.write('apps/console/vite.config.mjs', '');
  temp.write('apps/console/index.html', '');
  temp.write('apps/console/src/main.tsx', '1');
});
afterEach(() => temp.remove());

/** As a build that ends well. */
const build = () => {
  const due = consoleBuildOf(temp.path);
  temp.write('apps/console/dist/index.html', '');
  due?.built();
  return due !== undefined;
};

test('the console is built when it is not there, when a source of it has changed, and not otherwise', () => {
  expect([build(), build()]).toEqual([true, false]);
  temp.write('apps/console/src/main.tsx', '2');
  expect([build(), build()]).toEqual([true, false]);
  temp.write('apps/console/src/views/new.tsx', '');
  expect([build(), build()]).toEqual([true, false]);
  temp.write('package-lock.json', '{}');
  expect([build(), build()]).toEqual([true, false]);
});

test('a build that did not end is made again', () => {
  expect(consoleBuildOf(temp.path)).toBeDefined();
  temp.write('apps/console/dist/index.html', '');
  expect(consoleBuildOf(temp.path)?.cwd).toBe(join(temp.path, 'apps', 'console'));
});

test('where there is no console, none is built', () => {
  expect(consoleBuildOf(join(temp.path, 'apps'))).toBeUndefined();
});
