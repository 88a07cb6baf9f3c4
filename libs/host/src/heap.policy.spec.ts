import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

test('this Node has the setting that keeps the objects of requests out of the old part of the heap', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--v8-options']);
  expect(stdout).toContain('--allocation-site-pretenuring');
});
