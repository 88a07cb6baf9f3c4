import type { WiberLogger } from '@wiber/observability';

export const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

interface Stoppable {
  stop(): Promise<void>;
  endDrain(): void;
}

/**
 * The first SIGTERM stops the app and ends the process: with 0, or with 1 when the stop fails. SIGINT, which is Ctrl-C,
 * leaves out the drain. A second signal ends the drain, a third the process with 1.
 */
export const stopOnSignal = (
  logger: WiberLogger,
  app: Stoppable,
  exit: (code: number) => void = process.exit,
): void => {
  let signals = 0;
  const stop = async (): Promise<void> => {
    try {
      await app.stop();
      exit(0);
    } catch (error) {
      logger.fatal({ error }, 'stopping failed');
      exit(1);
    }
  };
  const onSignal = (signal: string): void => {
    signals += 1;
    if (signals === 1) {
      logger.info({ signal }, 'stopping: work in hand is finished first');
      void stop();
    }
    if (signals === 2) logger.info({ signal }, 'the drain ends at once');
    if (signals === 2 || signal === 'SIGINT') app.endDrain();
    if (signals < 3) return;
    logger.fatal({ signal }, 'the process ends at once, with work in hand');
    exit(1);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, () => onSignal(signal));
};
