/** Resolves after a time, and not before somebody looks at the page; at once when `signal` ends. */
export const pauseWhileVisible = async (ms: number, signal: AbortSignal): Promise<void> => {
  await until(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
  while (document.hidden && !signal.aborted)
    await until(signal, (done) => {
      document.addEventListener('visibilitychange', done, { once: true });
      return () => document.removeEventListener('visibilitychange', done);
    });
};

/** Waits for what `start` begins, which returns how to end it. */
const until = (signal: AbortSignal, start: (done: () => void) => () => void): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = start(end);
    signal.addEventListener('abort', end);
  });
