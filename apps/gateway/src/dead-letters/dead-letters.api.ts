import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import {
  DeadLetterDto,
  DeadLetterStateDto,
  DeadLetterSummaryDto,
  DiscardDto,
  LISTED_REASONS,
  ProblemDto,
  ReplayDto,
} from '@wiber/contracts';
import {
  DEFAULT_STATE,
  LETTER_CURSOR_PATTERN,
  LETTER_ID_PATTERN,
  OPERATOR_NAME,
  STATE_CHOICES,
} from './letter.request.ts';
import { ApiOperator } from '../http/operator.api.ts';

const problem = (status: number, description: string) => ApiResponse({ status, type: ProblemDto, description });

const ApiLetter = () =>
  applyDecorators(
    ApiOperator(),
    ApiParam({
      name: 'id',
      schema: { type: 'string', pattern: LETTER_ID_PATTERN },
      example: '3-1042',
      description: 'Its id, as listed.',
    }),
    problem(404, 'dead_letter_not_found'),
  );

const ApiDecision = () =>
  applyDecorators(
    ApiLetter(),
    ApiHeader({
      name: 'X-Operator',
      required: false,
      schema: { type: 'string', pattern: OPERATOR_NAME.source, default: 'operator' },
      example: 'dora',
      description:
        'The name of the operator, for the trail. All operators share one token, so nothing checks the name.',
    }),
    problem(413, 'body_too_large'),
    problem(415, 'unsupported_media_type or unsupported_encoding'),
  );

export const ApiListLetters = () =>
  applyDecorators(
    ApiOperation({
      summary: 'A page of dead letters, newest first',
      description: 'Records that could not be stored, and why. GET /dead-letters/{id} shows the content of one.',
    }),
    ApiOperator(),
    ApiQuery({
      name: 'reason',
      required: false,
      enum: LISTED_REASONS,
      description: 'Only dead letters with this reason.',
    }),
    ApiQuery({
      name: 'state',
      required: false,
      schema: { type: 'string', enum: [...STATE_CHOICES], default: DEFAULT_STATE },
      description:
        'Only dead letters in this state. open: waiting or replaying; a repeat of the replay ends replaying.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
      description: 'Dead letters of a page.',
    }),
    ApiQuery({
      name: 'after',
      required: false,
      schema: { type: 'string', pattern: LETTER_CURSOR_PATTERN },
      description: 'A cursor: the page that follows it.',
    }),
    ApiResponse({
      status: 200,
      type: [DeadLetterSummaryDto],
      description: 'A page; its Link header has rel="next" (RFC 8288).',
      headers: {
        Link: {
          description: 'The next page, where there may be one.',
          schema: { type: 'string' },
          example: '</dead-letters?after=1790000000000_0_7>; rel="next"',
        },
      },
    }),
    problem(503, 'store_unavailable'),
  );

export const ApiShowLetter = () =>
  applyDecorators(
    ApiOperation({ summary: 'One dead letter, with its record and its trail' }),
    ApiLetter(),
    ApiResponse({ status: 200, type: DeadLetterDto, description: 'The dead letter.' }),
    problem(503, 'store_unavailable'),
  );

export const ApiReplayLetter = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Send the message of a dead letter again',
      description:
        'Sends it like any message, at the end of its conversation. It keeps the messageId and timestamp of the record ' +
        'where they are valid, and gets a new messageId where another message has that of the record. The message is ' +
        'written to the dead letter before it is sent: a repeat sends the same one, and it is stored once.',
    }),
    ApiDecision(),
    ApiBody({ type: ReplayDto, required: false, description: 'No body, or one JSON object in UTF-8.' }),
    ApiResponse({
      status: 200,
      type: DeadLetterStateDto,
      description: 'Every in-sync replica of Kafka has it.',
      headers: {
        Location: {
          description: 'The message, with its place in the log.',
          schema: { type: 'string', format: 'uri-reference' },
          example: '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=3&offset=2048',
        },
      },
    }),
    problem(
      409,
      'conversation_moved_on: newer messages are stored, force sends it behind them; replay_conflict: it is replayed ' +
        'with another body; dead_letter_discarded; mended_body_needed: the record holds no valid message, send a body',
    ),
    problem(503, 'store_unavailable, overloaded, log_unavailable or outcome_unknown; repeat it, it is stored once'),
  );

export const ApiDiscardLetter = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Discard a dead letter, so that it no longer waits',
      description: 'It stays readable. A repeat changes nothing.',
    }),
    ApiDecision(),
    ApiBody({ type: DiscardDto, required: false, description: 'No body, or one JSON object in UTF-8.' }),
    ApiResponse({ status: 200, type: DeadLetterStateDto, description: 'It is discarded.' }),
    problem(409, 'dead_letter_replayed: its message is in the log, or about to be'),
    problem(503, 'store_unavailable'),
  );
