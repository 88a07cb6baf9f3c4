import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { CountDto, MessageDto, ProblemDto } from '@wiber/contracts';
import { CAUSAL_HEADER, CAUSAL_TOKEN } from '../http/causal.header.ts';
import { NEWER } from '../http/page.links.ts';

const INTEGER = { type: 'integer' } as const;
const VARY = {
  description: 'The headers that may change the answer.',
  schema: { type: 'string' },
  example: CAUSAL_HEADER,
} as const;

/** The header and the refusals that every read has. */
const ApiCausal = () =>
  applyDecorators(
    ApiHeader({
      name: CAUSAL_HEADER,
      required: false,
      schema: CAUSAL_TOKEN.schema,
      description:
        'From an answer of any gateway. This read then shows all that the answer showed or said to be stored, from any ' +
        'member of the replica set. Within one gateway that holds without the header.',
    }),
    ApiResponse({ status: 400, type: ProblemDto, description: 'invalid_request' }),
    ApiResponse({ status: 503, type: ProblemDto, description: 'store_unavailable, store_behind or reads_overloaded' }),
  );

/** The parameters and answers that every page has. */
const ApiPage = () =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { ...INTEGER, minimum: 1, maximum: 500, default: 50 },
      description: 'Messages of a page.',
    }),
    ApiQuery({
      name: 'skip',
      required: false,
      schema: { ...INTEGER, minimum: 0, default: 0 },
      description: 'Messages to skip; a cursor costs less.',
    }),
    ApiQuery({ name: 'order', required: false, enum: ['asc', 'desc'], description: 'Oldest or newest first.' }),
    ApiQuery({ name: 'after', required: false, type: String, description: 'A cursor: the page that follows it.' }),
    ApiQuery({ name: 'before', required: false, type: String, description: 'A cursor: the page that ends before it.' }),
    ApiResponse({
      status: 200,
      type: [MessageDto],
      description: `A page; its Link header has rel="next", "prev" and "${NEWER}" (RFC 8288).`,
      headers: {
        Link: {
          description:
            `The next and the previous page, where there is one. "${NEWER}" is the page of the messages that are newer ` +
            'than all of this page. It is there on the newest page too, and may be empty: ask it again to see what has ' +
            'come. By sort=log that shows each message once. By time it misses a message that is stored later with an ' +
            'earlier time.',
          schema: { type: 'string' },
          example: '</messages/alice/bob?limit=50&after=WzE3OTAwMDAwMDAwMDAsMV0>; rel="next"',
        },
        [CAUSAL_HEADER]: CAUSAL_TOKEN,
        Vary: VARY,
      },
    }),
    ApiCausal(),
  );

export const ApiConversation = () =>
  applyDecorators(
    ApiOperation({ summary: 'A page of a conversation, oldest first' }),
    ApiParam({ name: 'user1', type: String, example: 'alice', description: 'One user.' }),
    ApiParam({ name: 'user2', type: String, example: 'bob', description: 'The other.' }),
    ApiQuery({
      name: 'sort',
      required: false,
      enum: ['timestamp', 'log'],
      description: 'By time, or by the order of the log, which never rearranges.',
    }),
    ApiPage(),
  );

export const ApiUserMessages = () =>
  applyDecorators(
    ApiOperation({ summary: 'What a user sent or got, newest first' }),
    ApiParam({ name: 'user', type: String, example: 'alice', description: 'The user.' }),
    ApiPage(),
  );

export const ApiCount = () =>
  applyDecorators(
    ApiOperation({ summary: 'Count stored messages: of a conversation, of a user, or all' }),
    ApiQuery({ name: 'user1', required: false, type: String, example: 'alice', description: 'One user.' }),
    ApiQuery({ name: 'user2', required: false, type: String, example: 'bob', description: 'The other.' }),
    ApiResponse({
      status: 200,
      type: CountDto,
      description: 'How many.',
      headers: { [CAUSAL_HEADER]: CAUSAL_TOKEN, Vary: VARY },
    }),
    ApiCausal(),
  );

export const ApiOne = () =>
  applyDecorators(
    ApiOperation({ summary: 'One message' }),
    ApiParam({ name: 'messageId', schema: { type: 'string', format: 'uuid' }, description: 'Its id.' }),
    ApiQuery({
      name: 'partition',
      required: false,
      schema: { ...INTEGER, minimum: 0 },
      description: 'From Location: where Kafka holds it.',
    }),
    ApiQuery({ name: 'offset', required: false, schema: { ...INTEGER, minimum: 0 }, description: 'From Location.' }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      example: 'wait=5',
      description:
        'With a position: wait until ingest has handled it. While too many clients wait, nobody else does: message_pending.',
    }),
    ApiResponse({
      status: 200,
      type: MessageDto,
      description: 'The message.',
      headers: { [CAUSAL_HEADER]: CAUSAL_TOKEN, Vary: VARY },
    }),
    ApiResponse({
      status: 404,
      type: ProblemDto,
      description: 'message_not_found, position_not_found, message_dead_lettered, or message_pending with Retry-After',
      headers: {
        'Retry-After': { description: 'In seconds, with message_pending.', schema: { type: 'integer' }, example: 1 },
      },
    }),
    ApiResponse({ status: 500, type: ProblemDto, description: 'message_unreadable' }),
    ApiCausal(),
  );
