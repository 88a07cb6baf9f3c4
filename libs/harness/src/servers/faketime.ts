import { globSync, rmSync } from 'node:fs';

/** What to do where a fault of a clock needs libfaketime and this machine has none. */
export const FAKETIME_ADVICE = 'install libfaketime (Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1';

/** Where Debian, Fedora and Arch install it. The stack, which imports nothing, looks at the same places. */
const PLACES = ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1'];

/** The library that gives a process a wrong clock; undefined where this machine has none. */
const findFaketime = (): string | undefined => {
  const given = process.env['FAKETIME_LIB'];
  return globSync(given ? [given] : PLACES)[0];
};

/** Whether the stack finds libfaketime on this machine. */
export const hasFaketime = (): boolean => findFaketime() !== undefined;

/**
 * What a process needs whose wall clock is so many seconds ahead, or behind when negative; undefined without libfaketime. Its
 * monotonic clock stays right. The stack's wrong.clocks.ts has the reason of the last line.
 */
export const wrongWallClock = (seconds: number): Record<string, string> | undefined => {
  const library = findFaketime();
  if (library === undefined) return undefined;
  return {
    LD_PRELOAD: library,
    FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
  };
};

/** The files that libfaketime leaves behind when its process is killed. */
export const faketimeLeftoversOf = (pid: number | undefined): string[] =>
  [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`].map((name) => `/dev/shm/${name}`);

export const removeFaketimeLeftovers = (pid: number | undefined): void => {
  for (const file of faketimeLeftoversOf(pid)) rmSync(file, { force: true });
};
