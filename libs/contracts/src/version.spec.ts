import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from './version.ts';

test('the version that apps tell of themselves is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'));
  expect(VERSION).toBe(version);
});
