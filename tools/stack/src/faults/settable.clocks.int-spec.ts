import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StackRun } from '../spec-support/stack.run.ts';
import { SettableClocks } from './settable.clocks.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { findFaketime } from './wrong.clocks.ts';

const flags = (...more: string[]) => ['servers', '--ephemeral', '--json', ...more];
const ADVICE = 'install it (Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1';

test.each([
  [
    ['servers', '--settable-clocks', 'mongo-1'],
    '--settable-clocks can make clocks wrong; use it only with --ephemeral --json',
  ],
  [
    flags('--settable-clocks', 'mongo-1', '--clocks', 'mongo-1:60'),
    '--clocks and --settable-clocks both name mongo-1; name it in one',
  ],
])('a clock that cannot be set ends the start with one line: %j', async (args, line) => {
  const refused = new StackRun(args, process.cwd());
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(`wiber: ${line}`);
});

test('without libfaketime the start ends with one line that says what to install', async () => {
  const env = { FAKETIME_LIB: '/nowhere/libfaketime.so.1' };
  const refused = new StackRun(flags('--settable-clocks', 'mongo-1'), process.cwd(), env);
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(
    `wiber: wrong clocks need libfaketime, which is not at FAKETIME_LIB=/nowhere/libfaketime.so.1; ${ADVICE}`,
  );
});

const temp = new TempFolder();
afterAll(() => temp.remove());

let made = 0;
const clocksOf = (names: string[]) => {
  const folder = join(temp.path, String((made += 1)));
  return { folder, clocks: new SettableClocks(names, { folder, library: names.length > 0 ? 'lib.so' : undefined }) };
};
const SPEC = { name: 'mongo-1', command: 'mongod', args: [] };

test('nothing is loaded into a server whose clock is not named, and a named one follows a file of its own', () => {
  expect(clocksOf([]).clocks.apply(SPEC)).toBe(SPEC);
  const { folder, clocks } = clocksOf(['mongo-1']);
  expect(clocks.apply({ ...SPEC, name: 'mongo-2' }).env).toBeUndefined();
  const { env } = clocks.apply(SPEC);
  expect(env).toMatchObject({ LD_PRELOAD: 'lib.so', FAKETIME: undefined, FAKETIME_DONT_FAKE_MONOTONIC: '1' });
  const file = String(env?.['FAKETIME_TIMESTAMP_FILE']);
  expect(dirname(file)).toBe(folder);
  const shown = [0, 1, -1, 3_600_000, -50].map((ms) => {
    clocks.set('mongo-1', ms);
    return readFileSync(file, 'utf8');
  });
  // Each begins with a sign: libfaketime takes a number without one for a date, and ends the process.
  expect(shown).toEqual(['+0.000\n', '+0.001\n', '-0.001\n', '+3600.000\n', '-0.050\n']);
  expect(readdirSync(folder)).toEqual(['mongo-1']);
});

test('a server in a container, one that is not named, and an offset of more than a day are refused', () => {
  const { clocks } = clocksOf(['mongo-1']);
  expect(() => clocks.apply({ ...SPEC, container: 'x' })).toThrow(
    'it runs in a container; set KAFKA_HOME and MONGOD_BIN',
  );
  expect(() => clocks.requireAmong(['kafka-1'])).toThrow('--settable-clocks names mongo-1; there are kafka-1');
  expect(() => clocks.set('kafka-1', 1)).toThrow("the clock of kafka-1 can't be set; name it in --settable-clocks");
  for (const ms of [0.5, NaN, Infinity, 86_400_001, -86_400_001])
    expect(() => clocks.set('mongo-1', ms)).toThrow('a clock takes whole milliseconds, at most a day, and not');
});

const hasFaketime = (): boolean => {
  try {
    return findFaketime() !== '';
  } catch {
    return false;
  }
};

/** Whole seconds since the epoch of the last line that a mongod has written. */
const lastLineTimeOf = (log: string): number => {
  const [line = ''] = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-1);
  return Date.parse((JSON.parse(line) as { t: { $date: string } }).t.$date);
};

test('a mongod follows its clock while it runs, starts with it, and leaves nothing of libfaketime behind when it is killed', async () => {
  const stack = new StackRun(flags('--settable-clocks', 'mongo-1'), process.cwd());
  try {
    if (!hasFaketime()) {
      expect(await stack.ended).toBe(1);
      expect(stack.stderr).toContain('install it (Debian: libfaketime)');
      return;
    }
    const { runFile } = JSON.parse(await stack.firstLine) as { runFile: string };
    const log = join(dirname(runFile), 'logs', 'mongo-1.log');
    const { mongo } = JSON.parse(readFileSync(runFile, 'utf8')) as { mongo: { pid: number }[] };
    expect(Math.abs(lastLineTimeOf(log) - Date.now())).toBeLessThan(600_000);
    expect(await stack.ask({ op: 'clock', name: 'mongo-1', ms: -3_600_000 })).toMatchObject({ ok: true });
    expect(await stack.ask({ op: 'kill', name: 'mongo-1' })).toMatchObject({ ok: true });
    expect(readdirSync('/dev/shm').filter((name) => name.endsWith(`_${mongo[0]!.pid}`))).toEqual([]);
    expect(await stack.ask({ op: 'start', name: 'mongo-1' })).toMatchObject({ ok: true });
    expect(Date.now() - lastLineTimeOf(log)).toBeGreaterThan(3_000_000);
    expect(await stack.ask({ op: 'clock', name: 'kafka-1', ms: 1 })).toMatchObject({ ok: false, code: 'no_clock' });
  } finally {
    stack.child.stdin!.end();
    await stack.ended;
  }
}, 120_000);
