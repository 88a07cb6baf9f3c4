import { globSync, rmSync } from 'node:fs';
import { AppProcess, type AppName } from '@wiber/harness';

/** Where Debian, Fedora and Arch install it; the stack looks at the same places. */
const PLACES = ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1'];
/** Without libfaketime: the same for what JavaScript reads of the wall clock. Timers and monotonic clocks stay as they are. */
const shimOf = (seconds: number): string => `
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...args) { super(...(args.length === 0 ? [Real.now() + ${seconds * 1000}] : args)); }
    static now() { return Real.now() + ${seconds * 1000}; }
  };`;

const environmentOf = (seconds: number): Record<string, string> => {
  const library = globSync(PLACES)[0];
  if (!library) return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shimOf(seconds))}` };
  return {
    LD_PRELOAD: library,
    FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
  };
};

/** Starts an app whose wall clock is wrong by so many seconds. */
export const startWithClock = (name: AppName, env: Record<string, string>, seconds: number): Promise<AppProcess> =>
  AppProcess.start(name, { ...env, ...environmentOf(seconds) });

/** Ends it at once, with what libfaketime leaves of a process that is killed. */
export const killWithClock = async (app: AppProcess): Promise<void> => {
  const { pid } = app;
  await app.end('SIGKILL');
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(`/dev/shm/${name}`, { force: true });
};
