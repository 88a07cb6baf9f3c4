import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { CountDto, MessageDto, ProblemDto, USERNAME_SCHEMA } from '@wiber/contracts';
import { CAUSAL_HEADER, CAUSAL_TOKEN } from '../http/causal.header.ts';
import { NEWER } from '../http/page.links.ts';
import { ApiQueryGroup } from '../http/query.group.ts';
import { CURSOR_PATTERNS, SKIP_MAX } from './page.query.ts';
import { POSITION_PART_MAX } from './read-messages.request.ts';

const INTEGER = { type: 'integer' } as const;
const USERNAME = { type: 'string', ...USERNAME_SCHEMA } as const;
export const VARY = {
  description: 'The headers that may change the answer.',
  schema: { type: 'string' },
  example: CAUSAL_HEADER,
} as const;

const COSTLY = 'store_unavailable, store_behind or reads_overloaded';

/** The header and the refusals that every read has. */
export const ApiCausal = (unavailable = 'store_unavailable or store_behind') =>
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
    ApiResponse({ status: 409, type: ProblemDto, description: 'causal_token_ahead' }),
    ApiResponse({ status: 503, type: ProblemDto, description: unavailable }),
  );

type Sort = keyof typeof CURSOR_PATTERNS;

/** A page after a cursor and a page before one. No query may ask for both. */
const cursorsOf = (sort: Sort, more: { properties?: Record<string, object>; required?: string[] } = {}) =>
  Object.entries({ after: 'the page that follows it', before: 'the page that ends before it' }).map(
    ([field, description]) => ({
      ...more,
      properties: {
        ...more.properties,
        [field]: { type: 'string', pattern: CURSOR_PATTERNS[sort], description: `A cursor: ${description}.` },
      },
      additionalProperties: false,
    }),
  );

const sortOf = (sort: Sort, description: string) => ({ sort: { type: 'string', enum: [sort], description } });

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
      schema: { ...INTEGER, minimum: 0, maximum: SKIP_MAX, default: 0 },
      description: 'Messages to skip; a cursor costs less.',
    }),
    ApiQuery({ name: 'order', required: false, enum: ['asc', 'desc'], description: 'Oldest or newest first.' }),
    ApiResponse({
      status: 200,
      type: [MessageDto],
      description: `A page; its Link header has rel="next", "prev" and "${NEWER}" (RFC 8288).`,
      headers: {
        Link: {
          description:
            `The next and the previous page, where there is one. "${NEWER}" is the page of the messages that are newer ` +
            'than all of this page. It is there on the newest page too, and may be empty: ask it again to see what has ' +
            'come. By sort=log that shows each message once. By time, and by Lamport time, it misses a message that is ' +
            'stored later with an earlier time.',
          schema: { type: 'string' },
          example:
            '</messages/alice/bob?limit=50&after=1790000000000_0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e>; rel="next"',
        },
        [CAUSAL_HEADER]: CAUSAL_TOKEN,
        Vary: VARY,
      },
    }),
    ApiCausal(COSTLY),
  );

export const ApiConversation = () =>
  applyDecorators(
    ApiOperation({ summary: 'A page of a conversation, oldest first' }),
    ApiParam({ name: 'user1', schema: { ...USERNAME, example: 'alice' }, description: 'One user.' }),
    ApiParam({ name: 'user2', schema: { ...USERNAME, example: 'bob' }, description: 'The other.' }),
    ApiQueryGroup({
      name: 'page',
      description:
        'sort, and after or before. sort=timestamp, the default, is the order of the gateways’ clocks; sort=lamport is ' +
        'the order of cause and effect: a reply comes behind what its sender had seen; sort=log is the order of the log, ' +
        'which never rearranges. Messages of one time are in the order of their ids. A cursor belongs to the sort of the page that it came with.',
      schema: {
        type: 'object',
        anyOf: [
          ...cursorsOf('timestamp', { properties: sortOf('timestamp', 'By time.') }),
          ...cursorsOf('lamport', { properties: sortOf('lamport', 'By Lamport time.'), required: ['sort'] }),
          ...cursorsOf('log', { properties: sortOf('log', 'By the order of the log.'), required: ['sort'] }),
        ],
      },
      example: { sort: 'timestamp' },
    }),
    ApiPage(),
  );

export const ApiUserMessages = () =>
  applyDecorators(
    ApiOperation({ summary: 'What a user sent or got, newest first' }),
    ApiParam({ name: 'user', schema: { ...USERNAME, example: 'alice' }, description: 'The user.' }),
    ApiQueryGroup({
      name: 'page',
      description: 'after or before; sort may say timestamp, the one order of these pages.',
      schema: { type: 'object', anyOf: cursorsOf('timestamp', { properties: sortOf('timestamp', 'By time.') }) },
      example: {},
    }),
    ApiPage(),
  );

export const ApiCount = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Count stored messages: of a conversation, of a user, or all',
      description:
        'Without names it counts the messages that ingest has stored, each place of the log once. A metrics worker keeps that ' +
        'number, so the answer costs the same however much is stored. Where no worker has counted, or its figures are far ' +
        'behind, MongoDB counts its documents.',
    }),
    ApiQuery({ name: 'user1', required: false, schema: { ...USERNAME, example: 'alice' }, description: 'One user.' }),
    ApiQuery({ name: 'user2', required: false, schema: { ...USERNAME, example: 'bob' }, description: 'The other.' }),
    ApiResponse({
      status: 200,
      type: CountDto,
      description: 'How many.',
      headers: { [CAUSAL_HEADER]: CAUSAL_TOKEN, Vary: VARY },
    }),
    ApiCausal(COSTLY),
  );

/** Where the log has the message: both fields or none. */
export const ApiPosition = (description: string) =>
  ApiQueryGroup({
    name: 'position',
    description,
    schema: {
      type: 'object',
      properties: {
        partition: { ...INTEGER, minimum: 0, maximum: POSITION_PART_MAX, description: 'The partition.' },
        offset: { ...INTEGER, minimum: 0, maximum: POSITION_PART_MAX, description: 'The offset in the partition.' },
      },
      required: ['partition', 'offset'],
      additionalProperties: false,
    },
    example: { partition: 3, offset: 1042 },
  });

export const ApiOne = () =>
  applyDecorators(
    ApiOperation({ summary: 'One message' }),
    ApiParam({
      name: 'messageId',
      schema: { type: 'string', format: 'uuid' },
      description: 'Its id, as the answer to its send has it.',
    }),
    ApiPosition('From Location: where Kafka holds it.'),
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
    ApiCausal('store_unavailable, store_behind, or log_unavailable while Kafka does not say what is at the position'),
  );
