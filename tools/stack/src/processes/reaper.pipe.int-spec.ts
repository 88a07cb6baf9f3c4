import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { ReaperPipe } from './reaper.pipe.ts';

const REAPER = join(import.meta.dirname, 'reaper.ts');

let temp: TempFolder;
let folder: string;
let lines: string[];
beforeEach(() => {
  temp = new TempFolder();
  folder = join(temp.path, 'left');
  mkdirSync(folder);
  lines = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  temp.remove();
});

/** A reaper whose program is not there yet, as while npm replaces node_modules. */
const reaperWithoutProgram = () => {
  const program = join(temp.path, 'later', 'node');
  const reaper = new ReaperPipe([program, REAPER]);
  reaper.addFolder(folder);
  return { reaper, bring: () => renameSync(temp.bin, join(temp.path, 'later')) };
};

test('a reaper that cannot be started ends nothing, is said once, and knows everything when it runs', async () => {
  const { reaper, bring } = reaperWithoutProgram();
  await until(() => lines.length > 0, 'the failure is said');
  bring();
  await until(() => reaper.isRunning, 'the reaper runs');
  await reaper.close();
  expect(existsSync(folder)).toBe(false);
  expect(lines).toEqual([
    expect.stringMatching(/^wiber: reaper_missing: the reaper can't be started \(.*ENOENT\); it is tried again; .*\n$/),
  ]);
});

test('what no reaper can remove at the end is said', async () => {
  const { reaper } = reaperWithoutProgram();
  await reaper.close();
  expect(existsSync(folder)).toBe(true);
  expect(lines.at(-1)).toMatch(/^wiber: reaper_missing: .*ENOENT\); nobody removes .*\/left\n$/);
});
