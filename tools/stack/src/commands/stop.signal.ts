const PARENT_CHECK_MS = 300;

/** Resolves on SIGTERM, SIGINT or SIGHUP, and when the parent process is gone. */
export const stopRequested = (): Promise<void> =>
  new Promise((resolve) => {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), PARENT_CHECK_MS).unref();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
