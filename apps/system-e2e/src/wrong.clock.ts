import { AppProcess, removeFaketimeLeftovers, wrongWallClock, type AppName } from '@wiber/harness';

/** Without libfaketime: the same for what JavaScript reads of the wall clock. Timers and monotonic clocks stay as they are. */
const shimOf = (seconds: number): string => `
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...args) { super(...(args.length === 0 ? [Real.now() + ${seconds * 1000}] : args)); }
    static now() { return Real.now() + ${seconds * 1000}; }
  };`;

const environmentOf = (seconds: number): Record<string, string> =>
  wrongWallClock(seconds) ?? {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shimOf(seconds))}`,
  };

/** Starts an app whose wall clock is wrong by so many seconds. */
export const startWithClock = (name: AppName, env: Record<string, string>, seconds: number): Promise<AppProcess> =>
  AppProcess.start(name, { ...env, ...environmentOf(seconds) });

/** Ends it at once, with what libfaketime leaves of a process that is killed. */
export const killWithClock = async (app: AppProcess): Promise<void> => {
  const { pid } = app;
  await app.end('SIGKILL');
  removeFaketimeLeftovers(pid);
};
