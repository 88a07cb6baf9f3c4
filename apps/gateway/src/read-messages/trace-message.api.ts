import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { MessageTraceDto, ProblemDto } from '@wiber/contracts';
import { OPERATOR } from '../http/api.document.ts';
import { CAUSAL_HEADER, CAUSAL_TOKEN } from '../http/causal.header.ts';
import { ApiCausal, ApiPosition, VARY } from './read-messages.api.ts';

/** The parameters and answers of GET /messages/{messageId}/trace. */
export const ApiTrace = () =>
  applyDecorators(
    ApiOperation({
      summary: 'What happened to a message',
      description:
        'By what the store, the log and the dead letters hold: no trace back end is asked. Each step has its time, whose clock ' +
        'that is, and what did it, as far as it is stored. With the token of operators it also has the error of a dead letter, and ' +
        'the names and notes of operators.',
    }),
    ApiParam({ name: 'messageId', schema: { type: 'string', format: 'uuid' }, description: 'Its id.' }),
    ApiPosition('From Location: where Kafka holds it. A message that is not stored is found by it.'),
    // With or without the token.
    ApiSecurity({}),
    ApiBearerAuth(OPERATOR),
    ApiResponse({
      status: 200,
      type: MessageTraceDto,
      description: 'The trace.',
      headers: { [CAUSAL_HEADER]: CAUSAL_TOKEN, Vary: { ...VARY, example: `Authorization, ${CAUSAL_HEADER}` } },
    }),
    ApiResponse({ status: 401, type: ProblemDto, description: 'unauthorized: a token that is not this gateway’s' }),
    ApiResponse({
      status: 403,
      type: ProblemDto,
      description: 'operator_closed: a token, and the gateway was started without OPERATOR_TOKEN',
    }),
    ApiResponse({
      status: 404,
      type: ProblemDto,
      description:
        'message_not_found or position_not_found; message_dead_lettered for a moment, until the letter is readable',
    }),
    ApiResponse({ status: 500, type: ProblemDto, description: 'message_unreadable' }),
    ApiCausal(
      'store_unavailable, store_behind, reads_overloaded, or log_unavailable while Kafka does not say what is at the position',
    ),
  );
