import {
  DEAD_LETTER_STATES,
  LISTED_REASONS,
  deadLetterTopicOf,
  parseDeadLetterId,
  parseStrayLetterId,
  type DeadLetterState,
  type ListedReason,
  type TopicPosition,
} from '@wiber/contracts';
import type { LetterCursor } from '@wiber/mongo';
import { invalidRequest } from '../http/invalid.request.ts';
import { COUNT_PATTERN, decodeCursor, encodeCursor, isCount } from '../http/opaque.cursor.ts';
import { readQuery, type RawQuery } from '../http/query.fields.ts';

export interface LetterQuery {
  states: readonly DeadLetterState[];
  reason: ListedReason | undefined;
  limit: number;
  after: LetterCursor | undefined;
}

/** These letters need a person. A replay that did not end needs a repeat. */
const OPEN: readonly DeadLetterState[] = ['waiting', 'replaying'];
export const STATE_CHOICES = ['open', ...DEAD_LETTER_STATES, 'all'] as const;
export const DEFAULT_STATE = 'open';
/** The name in X-Operator. */
export const OPERATOR_NAME = /^[\w.@+-]{1,100}$/;

/** The form of a cursor and of an id, for the OpenAPI document. */
export const LETTER_CURSOR_PATTERN = `^${COUNT_PATTERN}_${COUNT_PATTERN}_${COUNT_PATTERN}$`;
export const LETTER_ID_PATTERN = `^(?:dlq-)?(?:0|[1-9][0-9]{0,5})-${COUNT_PATTERN}$`;

const KNOWN = ['reason', 'state', 'limit', 'after'];
/** The parameters that the link to the next page takes over. */
export const KEPT_IN_LINKS = ['reason', 'state', 'limit'];

/** @throws ProblemError invalid_request with a line for each bad parameter */
export const readLetterQuery = (raw: RawQuery): LetterQuery =>
  readQuery(raw, KNOWN, (query) => {
    const state = query.choice('state', STATE_CHOICES, DEFAULT_STATE);
    const reason = query.choice('reason', LISTED_REASONS, undefined);
    const limit = query.whole('limit', { from: 1, to: 500, otherwise: 50 });
    const cursor = query.text('after');
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (cursor !== undefined && !after) query.refuse('after', 'must be a cursor from a Link header of /dead-letters');
    return { states: statesOf(state), reason, limit, after };
  });

const statesOf = (choice: (typeof STATE_CHOICES)[number]): readonly DeadLetterState[] => {
  if (choice === 'all') return DEAD_LETTER_STATES;
  return choice === 'open' ? OPEN : [choice];
};

export const writeCursor = (cursor: LetterCursor): string => encodeCursor(cursor);

const readCursor = (text: string): LetterCursor | undefined => {
  const parts = decodeCursor(text, 3);
  return parts?.every(isCount) ? (parts as unknown as LetterCursor) : undefined;
};

/** The place of the record that an id names. @throws ProblemError invalid_request */
export const readLetterId = (id: string, messageTopic: string): TopicPosition => {
  const place = parseDeadLetterId(id);
  if (place) return { topic: messageTopic, ...place };
  const stray = parseStrayLetterId(id);
  if (stray) return { topic: deadLetterTopicOf(messageTopic), ...stray };
  throw invalidRequest([{ field: 'id', message: 'must be partition-offset, as GET /dead-letters lists it' }]);
};

/** @throws ProblemError invalid_request */
export const readOperator = (header: string | string[] | undefined): string => {
  if (header === undefined) return 'operator';
  if (typeof header === 'string' && OPERATOR_NAME.test(header)) return header;
  throw invalidRequest([{ field: 'X-Operator', message: 'must be 1 to 100 letters, digits and . _ @ + -' }]);
};
