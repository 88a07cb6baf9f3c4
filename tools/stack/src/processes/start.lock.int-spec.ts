import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { lockOwner, takeLock } from './start.lock.ts';

let temp: TempFolder;
let lock: string;
let starts: ChildProcess[];
beforeEach(() => {
  temp = new TempFolder();
  lock = join(temp.path, 'lock');
  starts = [];
});
afterEach(async () => {
  for (const start of starts) start.kill('SIGKILL');
  await until(() => starts.every(({ pid }) => startTimeOf(pid!) === undefined), 'the starts have ended');
  temp.remove();
});

const own = () => `${process.pid}-${startTimeOf(process.pid)}`;

test.each([
  ['whose process has ended', () => ['4194305-7']],
  ['whose pid another process has now', () => [`${process.pid}-1`]],
  ['whose owner was removed by a start that was killed then', () => []],
])('a lock %s is ignored', (_, names) => {
  mkdirSync(lock);
  for (const name of names()) temp.write(`lock/${name}`, '');
  takeLock(lock);
  expect(readdirSync(lock)).toEqual([own()]);
  expect(lockOwner(lock)).toBe(process.pid);
  expect(readdirSync(temp.path).sort()).toEqual(['bin', 'lock']);
});

test.each([
  ['whose process has ended', () => '4194305 7'],
  ['whose pid another process has now', () => `${process.pid} 1`],
  ['that was not fully written', () => ''],
])('a lock of an earlier version %s is ignored', (_, text) => {
  temp.write('lock', text());
  takeLock(lock);
  expect(readdirSync(lock)).toEqual([own()]);
  expect(readdirSync(temp.path).sort()).toEqual(['bin', 'lock']);
});

test.each([
  ['a lock', () => temp.write(`lock/${own()}`, '')],
  ['a lock of an earlier version', () => temp.write('lock', `${process.pid} ${startTimeOf(process.pid)}`)],
])('%s whose owner still runs gives one line with its pid', (_, make) => {
  make();
  expect(() => takeLock(lock)).toThrow(
    `another start runs here as pid ${process.pid}; stop it first (Ctrl-C, or kill ${process.pid})`,
  );
  expect(lockOwner(lock)).toBe(process.pid);
  expect(readdirSync(temp.path).sort()).toEqual(['bin', 'lock']);
});

/** Takes the lock, says so, and runs on. */
const START = `
import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'start.lock.ts'))};
import { writeFileSync } from 'node:fs';
setInterval(() => undefined, 1000);
try {
  takeLock('lock');
  writeFileSync('taken-' + process.argv[1], '');
} catch ({ message }) {
  writeFileSync('refused-' + process.argv[1], message);
}
`;

/** Preloaded: the first removal in the lock says so, and waits for the file `go`. Then it is done. */
const WAITS_BEFORE_REMOVAL = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { existsSync, writeFileSync } = fs;
let waits = true;
for (const name of ['rmSync', 'unlinkSync']) {
  const remove = fs[name];
  fs[name] = (file, ...rest) => {
    if (waits && (file === 'lock' || file.startsWith('lock/'))) {
      waits = false;
      writeFileSync('removing', '');
      while (!existsSync('go')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
    return remove(file, ...rest);
  };
}
syncBuiltinESMExports();
`)}`;

const start = (name: string, flags: string[] = []): ChildProcess => {
  const program = ['--input-type=module', '-e', START, name];
  const child = spawn(process.execPath, [...flags, ...program], { cwd: temp.path, stdio: 'inherit' });
  starts.push(child);
  return child;
};
const has = (file: string) => existsSync(join(temp.path, file));

test.each([
  ['a lock', 'lock/4194305-7', ''],
  ['a lock of an earlier version', 'lock', '4194305 7'],
])('of two starts that find the ended owner of %s at the same time, one gets the lock', async (_, file, text) => {
  temp.write(file, text);
  start('slow', ['--import', WAITS_BEFORE_REMOVAL]);
  await until(() => has('removing'), 'one start is about to remove the ended owner');
  const quick = start('quick');
  await until(() => has('taken-quick'), 'the other start has the lock');
  temp.write('go', '');
  await until(() => has('refused-slow') || has('taken-slow'), 'the first start goes on');
  expect(has('taken-slow')).toBe(false);
  expect(lockOwner(lock)).toBe(quick.pid);
});
