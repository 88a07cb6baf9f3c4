import { isMessageId, normaliseUsername, usernameProblem, type LogPosition } from '@wiber/contracts';
import { invalidRequest } from '../http/invalid.request.ts';
import { readQuery, type RawQuery } from '../http/query.fields.ts';
import { readPageQuery, type PageQuery } from './page.query.ts';

/** @returns the name in NFC @throws ProblemError invalid_request */
export const readUsername = (field: string, value: string): string => {
  const name = normaliseUsername(value);
  const message = usernameProblem(name);
  if (message) throw invalidRequest([{ field, message }]);
  return name;
};

/**
 * @returns the id in lower case, as it is stored: a UUID is read in any case (RFC 9562, section 4)
 * @throws ProblemError invalid_request
 */
export const readMessageId = (value: string): string => {
  const messageId = value.toLowerCase();
  if (isMessageId(messageId)) return messageId;
  throw invalidRequest([{ field: 'messageId', message: 'must be a UUID, 32 hexadecimal digits in five groups' }]);
};

/**
 * The id of a message whose trace is asked for. The conversation of a user with a user named trace has the same form: it is read
 * with its names the other way round.
 * @throws ProblemError invalid_request
 */
export const readTracedId = (value: string): string => {
  const messageId = value.toLowerCase();
  if (isMessageId(messageId)) return messageId;
  const message =
    'must be the UUID of a message; the conversation of this user with the user trace is at /messages/trace/ and this name';
  throw invalidRequest([{ field: 'messageId', message }]);
};

const POSITION_PART = /^\d{1,15}$/;
export const POSITION_PART_MAX = 999_999_999_999_999;

/** The position that the Location of a send has; undefined when the query has none. @throws ProblemError invalid_request */
export const readPosition = (raw: RawQuery): LogPosition | undefined =>
  readQuery(raw, ['partition', 'offset'], (query) => {
    const [partition, offset] = [query.text('partition'), query.text('offset')];
    if (partition === undefined && offset === undefined) return undefined;
    if (!POSITION_PART.test(partition ?? '') || !POSITION_PART.test(offset ?? ''))
      query.refuse('partition', 'and offset must both be whole numbers, as Location gave them');
    return { partition: Number(partition), offset: Number(offset) };
  });

export interface CountQuery {
  user1: string | undefined;
  user2: string | undefined;
}

/** @throws ProblemError invalid_request */
export const readCountQuery = (raw: RawQuery): CountQuery =>
  readQuery(raw, ['user1', 'user2'], (query) => {
    const optionalUsername = (field: string): string | undefined => {
      const text = query.text(field);
      if (text === undefined) return undefined;
      const name = normaliseUsername(text);
      const message = usernameProblem(name);
      if (message) query.refuse(field, message);
      return name;
    };
    return { user1: optionalUsername('user1'), user2: optionalUsername('user2') };
  });

/** Why the messages of a user have no such order. */
const NO_SORT_OF_USER = new Map([
  [
    'log',
    'can not be log here: a user’s conversations are in several partitions, and their places have no order among them',
  ],
  ['lamport', 'can not be lamport here: a user’s messages are found by the hours in which they were sent'],
]);

/** Pages of a user have one sort: by time. @throws ProblemError invalid_request */
export const readUserPageQuery = (raw: RawQuery): PageQuery => {
  const { sort } = raw;
  if (sort !== undefined && sort !== 'timestamp') {
    const why = (typeof sort === 'string' && NO_SORT_OF_USER.get(sort)) || 'must be timestamp here';
    throw invalidRequest([{ field: 'sort', message: `${why}; take it out, or read a conversation` }]);
  }
  return readPageQuery(raw, { order: 'desc' });
};
