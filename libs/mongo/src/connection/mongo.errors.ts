import type { LeaseFence } from '@wiber/resilience';

/** Thrown when MongoDB did not do what was asked and may do it later: no server, no primary, a time-out, a write concern not met. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
  readonly code: 'store_unavailable' | 'reads_overloaded' = 'store_unavailable';
  /** When to try again, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown when too many costly reads wait for their turn. MongoDB was not asked, and is not to blame. */
export class ReadsOverloadedError extends StoreUnavailableError {
  override readonly name = 'ReadsOverloadedError';
  override readonly code = 'reads_overloaded';
}

export const readsOverloaded = (detail: string, options: ErrorOptions = {}): ReadsOverloadedError =>
  new ReadsOverloadedError(detail, { retryAfterMs: 1000, ...options });

/** Thrown when MongoDB ended a write because its time was over. Some of it may be written. Less at once may fit into the time. */
export class WriteOutOfTimeError extends StoreUnavailableError {
  override readonly name = 'WriteOutOfTimeError';

  constructor(withinMs: number, options: ErrorOptions = {}) {
    super(`MongoDB did not do a write within ${withinMs} ms; try again`, options);
  }
}

/** Thrown when the Causal-Token of a read is ahead of the replica set's clock. */
export class StoreBehindError extends Error {
  override readonly name: string = 'StoreBehindError';
  readonly code: 'store_behind' | 'causal_token_ahead' = 'store_behind';
}

/** Thrown when the Causal-Token of a read is so far ahead of the replica set's clock that no store can have given it. */
export class CausalTokenAheadError extends StoreBehindError {
  override readonly name = 'CausalTokenAheadError';
  override readonly code = 'causal_token_ahead';
}

/** Thrown when the store can't be used as it is set up. Trying again changes nothing: a person must mend it. */
export class StoreSetupError extends Error {
  override readonly name: string = 'StoreSetupError';
  readonly retry = false;
}

/** Thrown when the replica set knows no such write concern. */
export class WriteConcernUnknownError extends StoreSetupError {
  override readonly name = 'WriteConcernUnknownError';

  constructor(writeConcern: number | string, options: ErrorOptions) {
    super(
      `MONGO_WRITE_CONCERN is '${writeConcern}', which this replica set can't meet; set majority, at most its number of ` +
        'members that hold data, or a name of its settings.getLastErrorModes',
      options,
    );
  }
}

/** Thrown when a collection has options with which it would lose, hide or refuse what Wiber writes. */
export class OddCollectionError extends StoreSetupError {
  override readonly name = 'OddCollectionError';
}

/** Thrown when the collection holds messages in a format that this version does not read. */
export class StoreFormatError extends StoreSetupError {
  override readonly name = 'StoreFormatError';

  constructor({ database, collection }: { database: string; collection: string }) {
    const next = `${collection}_2`;
    super(
      `${database}.${collection} holds messages in the format of an earlier version; stop every app, run ` +
        `\`npm run rebuild -- --to-collection ${next}\`, which fills ${next} from the log, and start with MONGO_COLLECTION=${next}`,
    );
  }
}

/** Thrown when messages with one id and different bodies forbid the unique index, and nobody saw how they came to be stored. */
export class RepeatsDifferError extends StoreSetupError {
  override readonly name = 'RepeatsDifferError';

  constructor(namespace: string, places: readonly string[]) {
    super(
      `${namespace} holds messages with one id and different bodies, so its unique index can't be made: ${places.join(' and ')} ` +
        '(partition/offset) are the first; delete all but one of each id, or stop every app and fill another collection from ' +
        'the log: npm run rebuild -- --to-collection NAME, then MONGO_COLLECTION=NAME',
    );
  }
}

/** Thrown when the document under an id is no message: a field is missing, or has a type that no message has. */
export class MessageUnreadableError extends Error {
  override readonly name = 'MessageUnreadableError';
  readonly code = 'message_unreadable';
}

/** Thrown when the document of a lease is no lease. Nobody leads until a person has mended it. */
export class LeaseUnreadableError extends Error {
  override readonly name = 'LeaseUnreadableError';
  readonly retry = false;

  constructor(
    readonly lease: string,
    field: string,
  ) {
    super(
      `the document '${lease}' of the collection leases is no lease, so nobody leads: no lease has this value as its ${field}; ` +
        'delete the document, and the next leader goes on behind the last term of lease_terms and of the figures',
    );
  }
}

/**
 * Thrown when MongoDB refused a write of a leader: by its clock the lease was over, or a higher term had written the document.
 * What was refused is as it was, and was not made. Another try with the same fence is refused as well.
 */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  readonly code = 'fenced';
  readonly retry = false;

  constructor(
    readonly fence: LeaseFence,
    /** The term of the document; 0 when it has none. */
    readonly storedTerm: number,
  ) {
    const why =
      storedTerm > fence.term
        ? `the term ${storedTerm} has written there`
        : 'by the clock of MongoDB the lease was over, or was renewed by another clock';
    super(`MongoDB refused a write of the term ${fence.term}, which changed nothing: ${why}`);
  }

  /** Whether a higher term has written there. Else MongoDB's clock decided. */
  get isOutranked(): boolean {
    return this.storedTerm > this.fence.term;
  }
}
