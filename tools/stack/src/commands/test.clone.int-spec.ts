import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { TempFolder } from '../spec-support/temp.folder.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const SETTINGS = [
  'jest.config.mjs',
  'jest.preset.js',
  'package.json',
  'libs/harness/global-setup.mjs',
  'libs/harness/global-teardown.mjs',
];

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test.each(['dist', 'out-tsc', '.wiber', '1+1 (a), ö'])(
  'a clone below a folder %s has all its specs, and none of what was built',
  (name) => {
    const clone = join(temp.path, name, 'clone');
    for (const folder of ['apps', 'tools', 'libs']) mkdirSync(join(clone, folder), { recursive: true });
    for (const file of SETTINGS) cpSync(join(ROOT, file), join(clone, file));
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    for (const folder of ['src', 'dist', 'out-tsc', 'node_modules'])
      temp.write(`${name}/clone/libs/thing/${folder}/thing.spec.ts`, '');
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--listTests'];
    const { stdout } = spawnSync(process.execPath, jest, { cwd: clone, encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual([join(clone, 'libs/thing/src/thing.spec.ts')]);
  },
);
