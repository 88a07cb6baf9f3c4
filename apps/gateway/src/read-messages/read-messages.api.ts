import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { MessageDto, ProblemDto } from '@wiber/contracts';
import { CAUSAL_HEADER, CAUSAL_TOKEN } from '../http/causal.header.ts';

const INTEGER = { type: 'integer' } as const;
export const VARY = {
  description: 'The headers that may change the answer.',
  schema: { type: 'string' },
  example: CAUSAL_HEADER,
} as const;

/** What every read takes beside its own, and how it is refused. */
export const ApiCausal = () =>
  applyDecorators(
    ApiHeader({
      name: CAUSAL_HEADER,
      required: false,
      schema: CAUSAL_TOKEN.schema,
      description:
        'From an answer of any gateway: this read shows all that the answer showed or said to be stored, whichever member ' +
        'of the replica set it is read from. Within one gateway that holds without it.',
    }),
    ApiResponse({ status: 400, type: ProblemDto, description: 'invalid_request' }),
    ApiResponse({ status: 503, type: ProblemDto, description: 'store_unavailable or store_behind' }),
  );

/** What every page takes and answers. */
export const ApiPage = () =>
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
      description: 'Messages to pass over; a cursor costs less.',
    }),
    ApiQuery({ name: 'order', required: false, enum: ['asc', 'desc'], description: 'Oldest or newest first.' }),
    ApiQuery({ name: 'after', required: false, type: String, description: 'A cursor: the page that follows it.' }),
    ApiQuery({ name: 'before', required: false, type: String, description: 'A cursor: the page that ends before it.' }),
    ApiResponse({
      status: 200,
      type: [MessageDto],
      description: 'A page; its Link header has rel="next" and "prev" (RFC 8288).',
      headers: {
        Link: {
          description: 'The next and the previous page, where there is one.',
          schema: { type: 'string' },
          example: '</messages/alice/bob?limit=50&after=WzE3OTAwMDAwMDAwMDAsMV0>; rel="next"',
        },
        [CAUSAL_HEADER]: CAUSAL_TOKEN,
        Vary: VARY,
      },
    }),
    ApiCausal(),
  );

/** What the read of one message takes and answers. */
export const ApiOne = () =>
  applyDecorators(
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
      description: 'With a position: wait until ingest has passed it.',
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
      description: 'message_not_found, or message_pending with Retry-After',
      headers: {
        'Retry-After': { description: 'Of message_pending, in seconds.', schema: { type: 'integer' }, example: 1 },
      },
    }),
    ApiCausal(),
  );
