import { StoreSetupError, type Store } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';

const PAUSE_MS = 500;

/**
 * Opens the store, again and again until MongoDB answers or `isStopping` is true. `opened` runs afterwards; when it fails,
 * both are tried again.
 * @throws StartError when the store can't be used as it is set up
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
      logger.warn({ error }, 'MongoDB was not reached; it is asked again');
      await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};
