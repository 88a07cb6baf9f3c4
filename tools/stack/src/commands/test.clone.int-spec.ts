import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { LANES } from './test.command.ts';

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

/** A clone in this folder with the settings of Jest, and without specs. */
const makeClone = (folder: string): string => {
  const clone = join(temp.path, folder, 'clone');
  for (const kind of ['apps', 'tools', 'libs']) mkdirSync(join(clone, kind), { recursive: true });
  for (const file of SETTINGS) cpSync(join(ROOT, file), join(clone, file));
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  return clone;
};

const specsOf = (clone: string, lane = '', more: Record<string, string> = {}): string[] => {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--listTests'];
  const env = { ...process.env, WIBER_TEST_LANE: lane, ...more };
  const { stdout } = spawnSync(process.execPath, jest, { cwd: clone, env, encoding: 'utf8' });
  return stdout.trim().split('\n').toSorted();
};

test.each(['dist', 'out-tsc', '.wiber', '1+1 (a), ö'])(
  'a clone below a folder %s has all its specs, and none of what was built',
  (name) => {
    const clone = makeClone(name);
    for (const folder of ['src', 'dist', 'out-tsc', 'node_modules'])
      temp.write(`${name}/clone/libs/thing/${folder}/thing.spec.ts`, '');
    expect(specsOf(clone)).toEqual([join(clone, 'libs/thing/src/thing.spec.ts')]);
  },
);

test('each spec is in exactly one of the lanes of npm test, but for one that has a command of its own', () => {
  const clone = makeClone('lanes');
  temp.write('lanes/clone/tools/images/src/compose.e2e-spec.ts', '');
  for (const project of ['apps/gateway', 'libs/kafka', 'tools/audit', 'tools/chaos', 'tools/stack'])
    for (const name of ['a.spec', 'a.int-spec', 'a.e2e-spec', 'servers.links.int-spec'])
      temp.write(`lanes/clone/${project}/src/folder/${name}.ts`, '');
  const lanes = new Map(LANES.map(({ name }) => [name, specsOf(clone, name)]));
  expect([...lanes.values()].flat().toSorted()).toEqual(specsOf(clone));
  const apart = join(clone, 'tools/images/src/compose.e2e-spec.ts');
  expect([...lanes.values()].flat()).not.toContain(apart);
  expect(specsOf(clone, '', { WIBER_TEST_COMPOSE: 'single' })).toContain(apart);
  expect(lanes.get('servers')).toContain(join(clone, 'libs/kafka/src/folder/a.int-spec.ts'));
  expect(lanes.get('beside')).toContain(join(clone, 'tools/audit/src/folder/a.int-spec.ts'));
  expect(lanes.get('units')).toContain(join(clone, 'libs/kafka/src/folder/a.spec.ts'));
});
