import { READ_BREAKER, StoreBreaker, type MessageStore } from '@wiber/mongo';
import { breakerLogger } from '@wiber/observability';
import { NIL } from 'uuid';
import { GATEWAY_ENV } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';

const NAME = 'mongodb-read';
/** What the way to MongoDB and back may add to the time that it was given for a read, in milliseconds. */
const GRACE_MS = 250;

/** How long a read goes unanswered before MongoDB counts as away, when it was given `maxTimeMS` for it. */
export const patienceFor = (maxTimeMS: number): number => Math.max(maxTimeMS, GATEWAY_ENV.readDeadlineMs) + GRACE_MS;

/** What every read of the gateway goes through. */
export const storeReads = (store: MessageStore): StoreBreaker =>
  new StoreBreaker({
    name: NAME,
    policy: READ_BREAKER,
    // A read as the others are, of whatever member they go to; it finds nothing.
    probe: () => store.findById(NIL, { maxTimeMS: GATEWAY_ENV.readDeadlineMs }),
    withinMs: patienceFor(GATEWAY_ENV.readDeadlineMs),
    onChange: breakerLogger(LOGGER, NAME),
  });
