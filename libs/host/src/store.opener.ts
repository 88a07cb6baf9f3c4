import { StoreSetupError, type Store } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';

const PAUSE_MS = 500;

/**
 * Opens the store and then calls `opened`. When one of them fails, both are tried again, until both succeed or `isStopping`
 * returns true.
 * @throws StartError when a person must change a setting or the store
 */
export const openStore = async (
  store: Store,
  { logger, isStopping, opened }: { logger: WiberLogger; isStopping: () => boolean; opened?: () => Promise<void> },
): Promise<void> => {
  while (!isStopping()) {
    try {
      await store.open();
      await opened?.();
      return;
    } catch (error) {
      if (error instanceof StoreSetupError) throw new StartError(error.message, { cause: error });
      logger.warn({ error }, 'The store could not be opened; trying again');
      await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};
