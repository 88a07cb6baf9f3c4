import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { MessageDto, ProblemDto, SendMessageDto } from '@wiber/contracts';
import { CAUSAL_HEADER, CAUSAL_TOKEN, LAMPORT_HEADER, LAMPORT_SCHEMA } from '../http/causal.header.ts';
import { MAX_WAIT_S } from '../http/prefer.header.ts';
import { DEAD_LETTERED, MESSAGE_STATE } from '../messages/message.state.ts';
import { KEY } from './idempotency.key.ts';

const problem = (description: string) => ({ type: ProblemDto, description });
const LOCATION = {
  description:
    'The message, with its place in the log. A GET there can tell a message that is not stored yet from no message.',
  schema: { type: 'string', format: 'uri-reference' },
  example: '/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=3&offset=1042',
} as const;
const PREFERENCE_APPLIED = {
  description: 'The wait that was granted (RFC 7240, section 3).',
  schema: { type: 'string' },
  example: 'wait=5',
} as const;

const STATE = {
  description:
    'With Prefer: wait: ingest could not store the message. It is kept as a dead letter, which operators see.',
  schema: { type: 'string', const: DEAD_LETTERED },
  example: DEAD_LETTERED,
} as const;

const REQUEST_ID = {
  name: 'X-Request-Id',
  required: false,
  // No pattern: a request with an id of another form is accepted.
  schema: { type: 'string' },
  example: 'trace-7',
  description:
    '1 to 128 letters, digits and _ . : -. Comes back in the answer, and is in the logs and the record. Another text, ' +
    'also an empty one, is replaced by a new id.',
} as const;

const LAMPORT = {
  name: LAMPORT_HEADER,
  required: false,
  schema: LAMPORT_SCHEMA,
  example: '42',
  description:
    'The largest lamport of the messages that the client has seen: that of this message is larger, at every gateway. ' +
    'Within one gateway that holds without the header.',
} as const;

const SEEN = {
  name: CAUSAL_HEADER,
  required: false,
  schema: CAUSAL_TOKEN.schema,
  example: CAUSAL_TOKEN.example,
  description: 'From an answer of any gateway: the lamport of this message is larger than all that the answer showed.',
} as const;

/** The parameters and answers of POST /messages. */
export const ApiSend = () =>
  applyDecorators(
    ApiOperation({ summary: 'Send a message', description: 'Answers once every in-sync replica of Kafka has it.' }),
    ApiBody({ type: SendMessageDto, description: 'One JSON object in UTF-8, at most 64 KiB, each field once.' }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      schema: { type: 'string' },
      example: 'wait=5',
      description: `Wait up to N s, at most ${MAX_WAIT_S}, until it is stored and readable (RFC 7240): 201, else 202.`,
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', pattern: KEY.source },
      example: 'order-4711',
      description:
        '1 to 255 visible ASCII characters. The same sender and key are always the same message: a retry stores nothing ' +
        'twice, and another body is 409 (where the operator shards the messages: the same sender, recipient and key). A retry at the same gateway gets the first timestamp and lamport at once. A ' +
        'retry at another gateway gets them once the first is stored; until then that gateway answers 202 with the same ' +
        'messageId and its own timestamp and lamport, and does not detect another body. Of several records the first ' +
        'in the log is kept. 201 always shows what is stored.',
    }),
    ApiHeader(LAMPORT),
    ApiHeader(SEEN),
    ApiHeader(REQUEST_ID),
    ApiResponse({
      status: 202,
      type: MessageDto,
      description:
        'Durable in Kafka. With Prefer: wait it was not known in time that it is stored, or too many clients wait already.',
      headers: { Location: LOCATION, [MESSAGE_STATE]: STATE },
    }),
    ApiResponse({
      status: 201,
      type: MessageDto,
      description: 'Stored and readable, as Prefer: wait asked.',
      headers: { Location: LOCATION, 'Preference-Applied': PREFERENCE_APPLIED, [CAUSAL_HEADER]: CAUSAL_TOKEN },
    }),
    ApiResponse({ status: 400, ...problem('invalid_request with a line for each field, or malformed_json') }),
    ApiResponse({ status: 409, ...problem('idempotency_conflict or lamport_ahead') }),
    ApiResponse({ status: 413, ...problem('body_too_large') }),
    ApiResponse({ status: 415, ...problem('unsupported_media_type or unsupported_encoding') }),
    ApiResponse({ status: 503, ...problem('overloaded, log_unavailable or outcome_unknown; Retry-After says when') }),
  );
