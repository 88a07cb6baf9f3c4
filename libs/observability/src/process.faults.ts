import type { WiberLogger } from './app.logger.ts';

/**
 * What nobody caught leaves the process in a state that nobody knows: it is logged, and the process ends with 1, to be
 * started again. What it had in hand is uncommitted and comes again.
 */
export const endOnFault = (logger: WiberLogger): void => {
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      logger.fatal({ error, fault }, 'nobody caught this error; the process ends');
      process.exit(1);
    });
  }
};
