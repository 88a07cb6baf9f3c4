import { StoreBreaker, WRITE_BREAKER, type MessageStore } from '@wiber/mongo';
import { breakerLogger } from '@wiber/observability';
import { LOGGER } from '../ingest.logger.ts';

const NAME = 'mongodb-write';

/** What every write of ingest goes through. No time of its own: how long a write may take the store knows. */
export const storeWrites = (store: MessageStore): StoreBreaker =>
  new StoreBreaker({
    name: NAME,
    policy: WRITE_BREAKER,
    probe: () => store.ping(),
    onChange: breakerLogger(LOGGER, NAME),
  });
