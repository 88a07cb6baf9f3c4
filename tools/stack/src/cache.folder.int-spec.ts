import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCache } from './cache.folder.ts';
import { TempFolder } from './spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('downloads are kept in the home folder', () => {
  expect(defaultCache(temp.path, '/clone')).toBe(join(temp.path, '.cache', 'wiber'));
});

test.each(['/dev/null', '/dev/null/home'])('with the home folder %s downloads are kept in the clone', (home) => {
  expect(defaultCache(home, '/clone')).toBe('/clone/.wiber/cache');
});

test('a user without a home folder has the downloads in the clone', () => {
  expect(defaultCache('', '/clone')).toBe('/clone/.wiber/cache');
});

test('a cache that is there is used, whether it can be written or not', () => {
  const cache = join(temp.path, '.cache', 'wiber');
  mkdirSync(cache, { recursive: true, mode: 0o500 });
  expect(defaultCache(temp.path, '/clone')).toBe(cache);
});
