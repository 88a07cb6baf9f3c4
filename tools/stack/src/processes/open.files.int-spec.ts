import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { requireOpenFiles } from './open.files.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('where too few files may be open, the start ends with one line before anything runs', async () => {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const command = ['-c', 'ulimit -Sn 256 && ulimit -Hn 256 && exec "$@"', 'sh', process.execPath, main, 'servers'];
  const start = spawn('/bin/sh', command, { cwd: temp.path, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  start.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((resolve) => start.once('close', resolve));
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'wiber: a process may have 256 files open here, and the servers need 1024; raise the hard limit (ulimit -Hn)\n',
  });
});

test.each(['unlimited', '1024', '524288'])('a limit of %s is enough, and so is one that is not known', (limit) => {
  requireOpenFiles(
    temp.write('limits', `Limit      Soft Limit  Hard Limit  Units\nMax open files   ${limit}  ${limit}  files\n`),
  );
  requireOpenFiles(join(temp.path, 'nowhere'));
});
