import type { DeadLetterState, ListedReason } from '@wiber/contracts';

/** Each reason and state that a dead letter may have, with its words. The types make the lists complete. */
export const REASON_TEXT: Readonly<Record<ListedReason, { label: string; meaning: string }>> = {
  unreadable: { label: 'Unreadable', meaning: 'The value is no JSON in UTF-8.' },
  schema: { label: 'Schema', meaning: 'The value is JSON, and no message by the rules of messages.' },
  too_large: { label: 'Too large', meaning: 'The value has more than 64 KiB.' },
  idempotency_conflict: {
    label: 'Idempotency conflict',
    meaning: 'Another message with the same id is stored already, with another body.',
  },
  refused_by_store: { label: 'Refused by store', meaning: 'MongoDB refused the document for good.' },
  handler_error: {
    label: 'Handler error',
    meaning: 'The handler threw at every attempt: a bug, and not necessarily a fault of the record.',
  },
  unknown: { label: 'Unknown', meaning: 'Its headers are missing or name another topic.' },
};
export const REASONS = Object.keys(REASON_TEXT) as ListedReason[];

export type StateChoice = 'open' | DeadLetterState | 'all';
export const STATE_TEXT: Readonly<Record<StateChoice, string>> = {
  open: 'Open',
  waiting: 'Waiting',
  replaying: 'Replaying',
  replayed: 'Replayed',
  discarded: 'Discarded',
  all: 'All',
};
export const STATES = Object.keys(STATE_TEXT) as StateChoice[];

/** What each state of a letter means. */
export const STATE_MEANING: Readonly<Record<DeadLetterState, string>> = {
  waiting: 'Waits for an operator.',
  replaying: 'A replay began and did not end. Replay it again: the message is stored once.',
  replayed: 'Its message is in the log.',
  discarded: 'An operator decided that it is not needed. It stays readable.',
};

export interface LetterFilter {
  state: StateChoice;
  reason: ListedReason | undefined;
}

/** The filter in the address of the page. What is no filter is left out, so that an old link still works. */
export const readFilter = (search: URLSearchParams): LetterFilter => ({
  state: STATES.find((state) => state === search.get('state')) ?? 'open',
  reason: REASONS.find((reason) => reason === search.get('reason')),
});

export const writeFilter = ({ state, reason }: LetterFilter): Record<string, string> => ({
  ...(state === 'open' ? {} : { state }),
  ...(reason === undefined ? {} : { reason }),
});
