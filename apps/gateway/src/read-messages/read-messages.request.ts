import { isMessageId, usernameProblem, type LogPosition } from '@wiber/contracts';
import { invalidRequest } from '../http/invalid.request.ts';
import { readQuery, type RawQuery } from '../http/query.fields.ts';
import { readPageQuery, type PageQuery } from './page.query.ts';

/** @returns the name in NFC @throws ProblemError invalid_request */
export const readUsername = (field: string, value: string): string => {
  const name = value.normalize('NFC');
  const message = usernameProblem(name);
  if (message) throw invalidRequest([{ field, message }]);
  return name;
};

/** @throws ProblemError invalid_request */
export const readMessageId = (messageId: string): string => {
  if (isMessageId(messageId)) return messageId;
  throw invalidRequest([{ field: 'messageId', message: 'must be a UUID in lower case' }]);
};

const POSITION_PART = /^\d{1,15}$/;

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
      const name = query.text(field)?.normalize('NFC');
      const message = name === undefined ? undefined : usernameProblem(name);
      if (message) query.refuse(field, message);
      return name;
    };
    return { user1: optionalUsername('user1'), user2: optionalUsername('user2') };
  });

/** Pages of a user have one sort: by time. @throws ProblemError invalid_request */
export const readUserPageQuery = (raw: RawQuery): PageQuery => {
  if (raw['sort'] !== undefined)
    throw invalidRequest([{ field: 'sort', message: 'is always by time here; take it out' }]);
  return readPageQuery(raw, { order: 'desc' });
};
