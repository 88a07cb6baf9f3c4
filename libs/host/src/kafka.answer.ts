import type { WiberLogger } from '@wiber/observability';

const PAUSE_MS = 1000;

export interface AskPorts {
  logger: Pick<WiberLogger, 'warn'>;
  isStopping: () => boolean;
}

/** Asks Kafka until it answers; undefined when the app stops before. `what` completes "… is not known yet". */
export const askUntilAnswered = async <T>(
  what: string,
  ask: () => Promise<T>,
  { logger, isStopping }: AskPorts,
): Promise<T | undefined> => {
  for (let isLogged = false; !isStopping(); isLogged = true) {
    try {
      return await ask();
    } catch (error) {
      if (!isLogged) logger.warn({ error }, `${what} is not known yet; Kafka is asked again`);
      await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return undefined;
};
