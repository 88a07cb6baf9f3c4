import type { WiberLogger } from './app.logger.ts';

/**
 * Logs an error that nobody caught and ends the process with 1, since its state is unknown. A supervisor starts it again.
 * Kafka delivers uncommitted records again.
 */
export const endOnFault = (logger: WiberLogger): void => {
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      logger.fatal({ error, fault }, 'nobody caught this error; the process ends');
      process.exit(1);
    });
  }
};
