import { WriteConcernUnknownError, type MessageStore } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';

const PAUSE_MS = 500;

/** Opens the store, asking until MongoDB answers or `isStopping`. `opened` runs after, and is tried again with it. */
export const openStore = async (
  store: MessageStore,
  { logger, isStopping, opened }: { logger: WiberLogger; isStopping: () => boolean; opened?: () => Promise<void> },
): Promise<void> => {
  while (!isStopping()) {
    try {
      await store.open();
      await opened?.();
      return;
    } catch (error) {
      if (error instanceof WriteConcernUnknownError) throw new StartError(error.message, { cause: error });
      logger.warn({ error }, 'MongoDB was not reached; it is asked again');
      await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};
