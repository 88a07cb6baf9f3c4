import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { RunFileKeeper, type RunFile } from './run.file.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('a run file that a full disk does not take ends nothing, and is written when the disk takes it', async () => {
  const file = join(temp.path, 'run.json');
  const names = { topic: 't', group: 'g', database: 'd', collection: 'c' };
  let pid = 1;
  const keeper = new RunFileKeeper(file, (): RunFile => {
    return { names, apps: [], kafka: [{ id: 'kafka-1', pid, address: 'a:1' }], mongo: [] };
  });
  const pidInFile = () => (JSON.parse(readFileSync(file, 'utf8')) as RunFile).kafka[0]!.pid;
  try {
    keeper.update();
    expect(pidInFile()).toBe(1);
    // Every write to this device fails with ENOSPC.
    symlinkSync('/dev/full', `${file}.part`);
    pid = 2;
    keeper.update();
    expect(pidInFile()).toBe(1);
    await until(() => pidInFile() === 2, 'the file is written again');
  } finally {
    keeper.close();
  }
});
