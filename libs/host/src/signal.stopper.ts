import type { WiberLogger } from '@wiber/observability';

/** At the first SIGTERM or SIGINT runs `stop` and ends the process: with 0, or with 1 when `stop` fails. */
export const stopOnSignal = (logger: WiberLogger, stop: () => Promise<void>): void => {
  let isStopping = false;
  const stopOnce = async (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping: work in hand is finished first');
    try {
      await stop();
      process.exit(0);
    } catch (error) {
      logger.fatal({ error }, 'stopping failed');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stopOnce(signal));
};
