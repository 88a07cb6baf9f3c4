/** An answer that accepts a message carries this header when it is known already that ingest could not store it. */
export const MESSAGE_STATE = 'Message-State';
export const DEAD_LETTERED = 'dead-lettered';
