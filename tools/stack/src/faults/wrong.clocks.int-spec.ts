import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { StackRun } from '../spec-support/stack.run.ts';
import { findFaketime } from './wrong.clocks.ts';

const flags = (...more: string[]) => ['servers', '--ephemeral', '--json', ...more];

test.each([
  [['servers', '--clocks', 'mongo-1:60'], '--clocks makes clocks wrong; use it only with --ephemeral --json'],
  [
    flags('--clocks', 'mongo-2:60'),
    '--clocks names mongo-2; there are kafka-1, mongo-1, gateway-1, ingest-1, metrics-1',
  ],
  [
    flags('--clocks', 'console-1:60'),
    "--clocks has 'console-1:60'; it takes servers and apps with an offset in seconds, up to 86400, for example " +
      'mongo-2:3600,metrics-1:-3600',
  ],
  [
    flags('--clocks', 'mongo-1:90000'),
    "--clocks has 'mongo-1:90000'; it takes servers and apps with an offset in seconds, up to 86400, for example " +
      'mongo-2:3600,metrics-1:-3600',
  ],
])('a clock that cannot be made wrong ends the start with one line: %j', async (args, line) => {
  const refused = new StackRun(args, process.cwd());
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(`wiber: ${line}`);
});

test('without libfaketime the start ends with one line that says what to install', async () => {
  const env = { FAKETIME_LIB: '/nowhere/libfaketime.so.1' };
  const refused = new StackRun(flags('--clocks', 'mongo-1:60'), process.cwd(), env);
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(
    'wiber: wrong clocks need libfaketime, which is not at FAKETIME_LIB=/nowhere/libfaketime.so.1; install it ' +
      '(Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1',
  );
});

const hasFaketime = (): boolean => {
  try {
    return existsSync(findFaketime());
  } catch {
    return false;
  }
};

const WATCHED_S = 4;

const leftoversOf = (pid: number) =>
  readdirSync('/dev/shm').filter(
    (name) => name.endsWith(`faketime_shm_${pid}`) || name.endsWith(`faketime_sem_${pid}`),
  );

/** The processor time of a process until now, in seconds. Linux counts it in hundredths. */
const processorTimeOf = (pid: number): number => {
  const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields[0]!.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
};

test('a mongod with a wrong clock takes hardly any processor time, and leaves nothing of libfaketime behind when it is killed', async () => {
  const stack = new StackRun(flags('--clocks', 'mongo-1:3600'), process.cwd());
  try {
    if (!hasFaketime()) {
      expect(await stack.ended).toBe(1);
      expect(stack.stderr).toContain('install it (Debian: libfaketime)');
      return;
    }
    const { runFile } = JSON.parse(await stack.firstLine) as { runFile: string };
    const { mongo } = JSON.parse(readFileSync(runFile, 'utf8')) as { mongo: { pid: number }[] };
    const { pid } = mongo[0]!;
    const before = processorTimeOf(pid);
    await pause(WATCHED_S * 1000);
    expect(processorTimeOf(pid) - before).toBeLessThan(WATCHED_S / 2);
    expect(leftoversOf(pid)).not.toEqual([]);
    expect(await stack.ask({ op: 'kill', name: 'mongo-1' })).toMatchObject({ ok: true });
    expect(leftoversOf(pid)).toEqual([]);
  } finally {
    stack.child.stdin!.end();
    await stack.ended;
  }
}, 120_000);
