import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unbound } from '../processes/child.run.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { cached, requireRoom } from './download.cache.ts';
import { SpecFolder } from '../spec-support/stack.run.ts';

let place: SpecFolder;
let cache: string;
let fills: number;
const fill = (folder: string) => {
  fills += 1;
  writeFileSync(join(folder, 'jar'), 'good');
};
const get = () => cached({ name: 'thing', lifeline: unbound(), fill, cache });

beforeEach(() => {
  place = new SpecFolder();
  cache = join(place.folder, 'cache');
  fills = 0;
});
afterEach(() => place.remove());

test('a download that is not whole is made again, a whole one is not', async () => {
  const folder = await get();
  await get();
  expect(fills).toBe(1);
  writeFileSync(join(folder, 'jar'), 'bad');
  await get();
  expect(fills).toBe(2);
  expect(readFileSync(join(folder, 'jar'), 'utf8')).toBe('good');
});

test('what a killed start left half made is removed, what a running one makes is not', async () => {
  const own = `thing-part-${process.pid}-${startTimeOf(process.pid)}-ab`;
  const reused = `thing-part-${process.pid}-1-ab`;
  for (const name of [own, reused, 'thing-part-4194305-7-ab', 'thing-part-x1y2z3']) {
    mkdirSync(join(cache, name), { recursive: true });
    writeFileSync(join(cache, name, 'jar'), 'half');
  }
  await get();
  expect(readdirSync(cache).sort()).toEqual(['thing', own]);
});

test('a download that fails leaves nothing behind', async () => {
  const failing = { name: 'thing', lifeline: unbound(), cache };
  await expect(
    cached({
      ...failing,
      fill: (folder) => {
        fill(folder);
        throw new Error('the line is cut');
      },
    }),
  ).rejects.toThrow('the line is cut');
  expect(readdirSync(cache)).toEqual([]);
});

test('a cache folder that cannot be written is one line with its variable', async () => {
  cache = join(place.write('file', ''), 'cache');
  await expect(get()).rejects.toThrow(`${cache} can't be written (ENOTDIR); set WIBER_CACHE to another folder`);
});

test('a disk without room is one line that says how much is needed', () => {
  const data = join(place.folder, 'data');
  expect(() => requireRoom(data, 'put the clone elsewhere', 2 ** 60)).toThrow(
    `${data} has less than 1073741824.0 GiB free; make room or put the clone elsewhere`,
  );
  expect(existsSync(data) && readdirSync(data)).toEqual([]);
});
