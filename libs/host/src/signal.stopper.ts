import type { WiberLogger } from '@wiber/observability';

/** Runs `stop` once, at the first SIGTERM or SIGINT, and ends the process. Tells whether that has begun. */
export const stopOnSignal = (logger: WiberLogger, stop: () => Promise<void>): (() => boolean) => {
  let stopping = false;
  const begin = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping: what is under way is finished first');
    try {
      await stop();
      process.exit(0);
    } catch (error) {
      logger.fatal({ error }, 'stopping failed');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void begin(signal));
  return () => stopping;
};
