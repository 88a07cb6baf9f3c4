import {
  DEAD_LETTER_STATES,
  LISTED_REASONS,
  NOTE_MAX,
  ProblemError,
  deadLetterPlaceOf,
  deadLetterTopicOf,
  strayLetterPlaceOf,
  type DeadLetterState,
  type DiscardDto,
  type FieldError,
  type ListedReason,
  type ReplayDto,
} from '@wiber/contracts';
import type { LetterCursor, RecordPlace } from '@wiber/mongo';
import { invalid, type BodyValidator } from '../http/body.reader.ts';
import { QueryReader, type RawQuery } from '../http/query.fields.ts';

export interface LetterQuery {
  states: readonly DeadLetterState[];
  reason: ListedReason | undefined;
  limit: number;
  after: LetterCursor | undefined;
}

/** What still needs a person: a replay that broke off needs a repeat. */
const OPEN: readonly DeadLetterState[] = ['waiting', 'replaying'];
export const STATE_CHOICES = ['open', ...DEAD_LETTER_STATES, 'all'] as const;
export const DEFAULT_STATE = 'open';
/** Who an operator says to be. */
export const OPERATOR_NAME = /^[\w.@+-]{1,100}$/;

/** @throws ProblemError invalid_request naming each bad parameter */
export const readLetterQuery = (query: RawQuery): LetterQuery => {
  const reader = new QueryReader(query, ['reason', 'state', 'limit', 'after']);
  const state = reader.choice('state', STATE_CHOICES, DEFAULT_STATE);
  const reason = reader.choice('reason', LISTED_REASONS, undefined);
  const limit = reader.whole('limit', { from: 1, to: 500, otherwise: 50 });
  const cursor = reader.one('after');
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (cursor !== undefined && !after) reader.refuse('after', 'must be a cursor from a Link header of /dead-letters');
  reader.end();
  return { states: statesOf(state), reason, limit, after };
};

const statesOf = (choice: (typeof STATE_CHOICES)[number]): readonly DeadLetterState[] => {
  if (choice === 'all') return DEAD_LETTER_STATES;
  return choice === 'open' ? OPEN : [choice];
};

export const encodeCursor = (cursor: LetterCursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const decodeCursor = (text: string): LetterCursor | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== 3) return undefined;
    const isCursor = parsed.every((part) => Number.isSafeInteger(part) && (part as number) >= 0);
    return isCursor ? (parsed as unknown as LetterCursor) : undefined;
  } catch {
    return undefined;
  }
};

/** The place that an id names. @throws ProblemError invalid_request */
export const readLetterId = (id: string, messageTopic: string): RecordPlace => {
  const place = deadLetterPlaceOf(id);
  if (place) return { topic: messageTopic, ...place };
  const stray = strayLetterPlaceOf(id);
  if (stray) return { topic: deadLetterTopicOf(messageTopic), ...stray };
  throw invalid([{ field: 'id', message: 'must be partition-offset, as GET /dead-letters lists it' }]);
};

/** @throws ProblemError invalid_request */
export const readOperator = (header: string | string[] | undefined): string => {
  if (header === undefined) return 'operator';
  if (typeof header === 'string' && OPERATOR_NAME.test(header)) return header;
  throw invalid([{ field: 'X-Operator', message: 'must be 1 to 100 letters, digits and . _ @ + -' }]);
};

/** No body at all asks for nothing special. @throws ProblemError invalid_request */
export const readReplay = (given: unknown, validator: BodyValidator): ReplayDto => {
  const { body, force } = fieldsOf(given, ['body', 'force']);
  if (force !== undefined && typeof force !== 'boolean')
    throw invalid([{ field: 'force', message: 'must be true or false' }]);
  return { force, body: body === undefined ? undefined : mendedBody(body, validator) };
};

/** @throws ProblemError invalid_request */
export const readDiscard = (given: unknown): DiscardDto => {
  const { note } = fieldsOf(given, ['note']);
  if (note === undefined) return {};
  if (typeof note === 'string' && note.isWellFormed() && [...note].length <= NOTE_MAX) return { note };
  throw invalid([{ field: 'note', message: `must be a text of at most ${NOTE_MAX} characters` }]);
};

const fieldsOf = (given: unknown, known: readonly string[]): Record<string, unknown> => {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid([{ field: '(body)', message: `must be one JSON object with ${known.join(', ')}, or nothing` }]);
  const unknown = Object.keys(given).filter((field) => !known.includes(field));
  const errors = unknown.map((field): FieldError => ({ field, message: 'is not a known field; take it out' }));
  if (errors.length > 0) throw invalid(errors);
  return given as Record<string, unknown>;
};

const mendedBody = (body: unknown, validator: BodyValidator): ReplayDto['body'] => {
  try {
    return validator.parse(body);
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.errors) throw error;
    const inside = ({ field, message }: FieldError) => ({
      field: field === '(body)' ? 'body' : `body.${field}`,
      message,
    });
    throw invalid(error.errors.map(inside));
  }
};
