import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../processes/process.table.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { build } from './workspace.build.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const CONFIG = {
  compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist', module: 'nodenext', types: [] },
  include: ['src'],
};
const APPS = ['apps/one', 'apps/two'];

let temp: TempFolder;
beforeEach(async () => {
  temp = new TempFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(temp.path, 'node_modules'));
  for (const app of APPS) {
    temp.write(join(app, 'tsconfig.lib.json'), JSON.stringify(CONFIG));
    temp.write(join(app, 'src', 'main.ts'), 'export const version = 1;\n');
  }
  await build(['apps/*'], temp.path);
});
afterEach(() => temp.remove());

/** The parent of this process stands for a start that runs in the clone. */
const startRuns = (pid = process.ppid) => temp.write('.wiber/lock', `${pid} ${startTimeOf(process.ppid)}`);
const change = (app: string) => temp.write(join(app, 'src', 'main.ts'), 'export const version = 2;\n');
const builtOf = (app: string) => join(temp.path, app, 'dist', 'main.js');
const stateOf = (app: string) => {
  const { ino, ctimeMs } = statSync(builtOf(app));
  return { ino, ctimeMs, text: readFileSync(builtOf(app), 'utf8') };
};

test('a build writes what has changed, and no file of anything else', async () => {
  const before = APPS.map(stateOf);
  change('apps/two');
  await build(['apps/*'], temp.path);
  const [one, two] = APPS.map(stateOf);
  expect(one).toEqual(before[0]);
  expect(two!.text).toContain('version = 2');
});

test('while a start runs, nothing that its apps run from is written: the build is refused with one line', async () => {
  startRuns();
  const before = APPS.map(stateOf);
  change('apps/two');
  await expect(build(['apps/*'], temp.path)).rejects.toThrow(
    new RegExp(
      `^a start runs here as pid ${process.ppid}, and what .* has changed since \\(.*apps/two.*\\); stop it first`,
    ),
  );
  expect(APPS.map(stateOf)).toEqual(before);
});

test('while a start runs, what its apps do not load is built, and a build without a change passes', async () => {
  startRuns();
  temp.write('libs/tool/tsconfig.lib.json', JSON.stringify(CONFIG));
  temp.write('libs/tool/src/main.ts', 'export const version = 1;\n');
  const before = APPS.map(stateOf);
  await build(['apps/*', 'libs/*'], temp.path);
  expect(existsSync(builtOf('libs/tool'))).toBe(true);
  expect(APPS.map(stateOf)).toEqual(before);
});

test('the lock of a start that was killed refuses no build', async () => {
  startRuns(4_194_305);
  change('apps/two');
  await build(['apps/*'], temp.path);
  expect(stateOf('apps/two').text).toContain('version = 2');
});

test('what does not compile is said, with the file and the line', async () => {
  temp.write('apps/two/src/main.ts', 'export const version: string = 2;\n');
  await expect(build(['apps/*'], temp.path)).rejects.toThrow(
    /^the build failed:\n.*apps\/two\/src\/main\.ts\(1,14\): error/,
  );
});
