import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idleLifeline } from '../processes/lifeline.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { cached, requireFreeSpace } from './download.cache.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
let cache: string;
let fills: number;
const fill = (folder: string) => {
  fills += 1;
  writeFileSync(join(folder, 'jar'), 'good');
};
const get = () => cached({ name: 'thing', lifeline: idleLifeline(), fill, cache });

beforeEach(() => {
  temp = new TempFolder();
  cache = join(temp.path, 'cache');
  fills = 0;
});
afterEach(() => temp.remove());

test('a damaged download is made again, a complete one is not', async () => {
  const folder = await get();
  await get();
  expect(fills).toBe(1);
  writeFileSync(join(folder, 'jar'), 'bad');
  await get();
  expect(fills).toBe(2);
  expect(readFileSync(join(folder, 'jar'), 'utf8')).toBe('good');
});

test('the unfinished download of a killed start is removed, that of a running start is kept', async () => {
  const own = `thing-part-${process.pid}-${startTimeOf(process.pid)}-ab`;
  const reused = `thing-part-${process.pid}-1-ab`;
  for (const name of [own, reused, 'thing-part-4194305-7-ab', 'thing-part-x1y2z3']) {
    mkdirSync(join(cache, name), { recursive: true });
    writeFileSync(join(cache, name, 'jar'), 'incomplete');
  }
  await get();
  expect(readdirSync(cache).sort()).toEqual(['thing', own]);
});

test('a download that fails leaves nothing behind', async () => {
  const failing = { name: 'thing', lifeline: idleLifeline(), cache };
  await expect(
    cached({
      ...failing,
      fill: (folder) => {
        fill(folder);
        throw new Error('the connection is lost');
      },
    }),
  ).rejects.toThrow('the connection is lost');
  expect(readdirSync(cache)).toEqual([]);
});

test('a disk that gets full during a download gives one line, and the part is removed', async () => {
  const fillUp = (folder: string) => {
    fill(folder);
    // Every write to this device fails with ENOSPC.
    writeFileSync('/dev/full', 'more');
  };
  await expect(cached({ name: 'thing', lifeline: idleLifeline(), fill: fillUp, cache })).rejects.toThrow(
    /^a disk is full \(ENOSPC: .*\); free some space, or put .*WIBER_CACHE on another disk, and start again$/,
  );
  expect(readdirSync(cache)).toEqual([]);
});

test('a cache folder that cannot be written gives one line that names its variable', async () => {
  cache = join(temp.write('file', ''), 'cache');
  await expect(get()).rejects.toThrow(`${cache} can't be written (ENOTDIR); set WIBER_CACHE to another folder`);
});

test('a full disk gives one line that says how much space is needed', () => {
  const data = join(temp.path, 'data');
  expect(() => requireFreeSpace(data, 'put the clone elsewhere', 2 ** 60)).toThrow(
    `${data} has less than 1073741824.0 GiB free; free some space or put the clone elsewhere`,
  );
  expect(existsSync(data) && readdirSync(data)).toEqual([]);
});
