import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { CONTENT_MAX, CONTENT_PATTERN } from './conversation.ts';
import { FIELD_ERRORS_MAX, PROBLEM_CODES, type FieldError, type Problem, type ProblemCode } from './problems.ts';
import { USERNAME_SCHEMA } from './username.ts';

const CONTENT = {
  type: String,
  minLength: 1,
  maxLength: CONTENT_MAX,
  pattern: CONTENT_PATTERN,
  example: 'Hello, Bob',
  description: '1 to 5,000 characters, not only white space; stored unchanged.',
} as const;

/** The body of POST /messages. The gateway compiles its validator from these decorators. */
@ApiSchema({ description: 'A message to send. Unknown fields are refused.' })
export class SendMessageDto {
  @ApiProperty({
    ...USERNAME_SCHEMA,
    type: String,
    example: 'alice',
    description:
      'The sender. Unicode letters, digits and . _ @ + -, normalised to NFC; nothing that does not show, and no ' +
      'combining mark at the start.',
  })
  fromUser!: string;

  @ApiProperty({ ...USERNAME_SCHEMA, type: String, example: 'bob', description: 'The recipient, by the same rules.' })
  toUser!: string;

  @ApiProperty(CONTENT)
  content!: string;
}

/** Its names have no rule: an earlier version may have stored a name that is refused now. */
@ApiSchema({ description: 'A message.' })
export class MessageDto implements SendMessageDto {
  @ApiProperty({ type: String, example: 'alice', description: 'The sender, in NFC.' })
  fromUser!: string;

  @ApiProperty({ type: String, example: 'bob', description: 'The recipient, in NFC.' })
  toUser!: string;

  @ApiProperty(CONTENT)
  content!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    example: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
    description: 'The id of the message.',
  })
  messageId!: string;

  @ApiProperty({
    type: 'integer',
    example: 1790000000000,
    description: 'When the gateway accepted it, in milliseconds since the epoch.',
  })
  timestamp!: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 42, description: 'Lamport time of the send.' })
  lamport!: number;
}

@ApiSchema({ description: 'A number of messages.' })
export class CountDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 3, description: 'How many stored messages match.' })
  count!: number;

  @ApiProperty({ type: String, required: false, example: 'alice', description: 'As in the request.' })
  user1?: string;

  @ApiProperty({ type: String, required: false, example: 'bob', description: 'As in the request.' })
  user2?: string;
}

export class FieldErrorDto implements FieldError {
  @ApiProperty({
    type: String,
    example: 'toUser',
    description: 'The name of the field; (body) for the body as a whole.',
  })
  field!: string;

  @ApiProperty({
    type: String,
    example: 'must not be empty; give 1 to 50 characters',
    description: 'What is wrong with it.',
  })
  message!: string;
}

@ApiSchema({ description: 'An error, RFC 9457.' })
export class ProblemDto implements Problem {
  @ApiProperty({
    type: String,
    example: 'urn:wiber:problem:invalid_request',
    description: 'A URN that identifies the kind of problem.',
  })
  type!: string;

  @ApiProperty({
    type: String,
    example: 'The request is not valid',
    description: 'A summary, the same for every problem of this kind.',
  })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400, description: 'The HTTP status.' })
  status!: number;

  @ApiProperty({
    type: String,
    example: 'toUser may contain only letters',
    description: 'What went wrong in this request, and what to do.',
  })
  detail!: string;

  @ApiProperty({
    type: String,
    enum: PROBLEM_CODES,
    example: 'invalid_request',
    description: 'The code of the problem, from a closed list.',
  })
  code!: ProblemCode;

  @ApiProperty({
    type: String,
    example: '3f0c…',
    description: 'The X-Request-Id of the response; the logs contain it.',
  })
  correlationId!: string;

  @ApiProperty({
    type: [FieldErrorDto],
    required: false,
    maxItems: FIELD_ERRORS_MAX,
    description: `One entry for each invalid field, at most ${FIELD_ERRORS_MAX}.`,
  })
  errors?: FieldErrorDto[];
}
