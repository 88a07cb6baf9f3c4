import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { EXAMPLE_MESSAGE_ID, INTEGER, OPTIONAL } from './dead-letter.fields.ts';
import { LISTED_REASONS, type ListedReason } from './dead-letter.ts';
import {
  TRACE_CLOCKS,
  TRACE_STATES,
  TRACE_STEPS,
  type MessageTrace,
  type TraceClock,
  type TraceState,
  type TraceStep,
  type TraceStepKind,
} from './message.trace.ts';

const AT = 1790000000000;
const text = (example: string, description: string) => ({ ...OPTIONAL, type: String, example, description }) as const;
const whole = (example: number, description: string) => ({ ...OPTIONAL, ...INTEGER, example, description }) as const;

@ApiSchema({ description: 'One step of a message.' })
export class TraceStepDto implements TraceStep {
  @ApiProperty({
    type: String,
    enum: TRACE_STEPS,
    example: 'accepted',
    description:
      '`accepted`: a gateway took it. `logged`: a broker appended it. `taken`: ingest read it. `stored`: ingest wrote it. `dead_lettered`: ingest could ' +
      'not store it. `replayed`: an operator sent it again. `discarded`: an operator gave it up.',
  })
  step!: TraceStepKind;

  @ApiProperty(whole(AT, 'When, in milliseconds since the epoch. Absent where no stored fact has it.'))
  at?: number;

  @ApiProperty({
    type: String,
    enum: TRACE_CLOCKS,
    example: 'gateway',
    description: 'Whose clock `at` is by. Times of different clocks can be compared only as far as the clocks agree.',
  })
  clock!: TraceClock;

  @ApiProperty(text('gateway-1', 'The process that did it. Absent where no stored fact has it.'))
  instance?: string;

  @ApiProperty(whole(3, 'The partition in the log; of a dead letter, in the topic of dead letters.'))
  partition?: number;

  @ApiProperty(whole(1042, 'The offset in the partition.'))
  offset?: number;

  @ApiProperty(whole(42, 'The Lamport time of the message.'))
  lamport?: number;

  @ApiProperty(text(EXAMPLE_MESSAGE_ID, 'The id of the message, where a replay gave it another one.'))
  messageId?: string;

  @ApiProperty({ ...text('schema', 'Why it is a dead letter.'), enum: LISTED_REASONS })
  reason?: ListedReason;

  @ApiProperty(text('toUser may contain only letters, digits and . _ @ + -', 'The error. Only for operators.'))
  error?: string;

  @ApiProperty(whole(1, 'How often its handling was attempted.'))
  attempts?: number;

  @ApiProperty(text('3-1042', 'The id of the dead letter: GET /dead-letters/{id} shows it to operators.'))
  deadLetterId?: string;

  @ApiProperty(text('dora', 'Who replayed or discarded it. Only for operators.'))
  operator?: string;

  @ApiProperty(text('a test of ours', 'The reason that the operator gave. Only for operators.'))
  note?: string;
}

const EXAMPLE_PLACE = { partition: 3, offset: 1042, lamport: 42 };
const EXAMPLE_STEPS = [
  { step: 'accepted', at: AT, clock: 'gateway', instance: 'gateway-1', lamport: 42 },
  { step: 'logged', at: AT + 4, clock: 'broker', ...EXAMPLE_PLACE },
  { step: 'taken', at: AT + 6, clock: 'ingest', instance: 'ingest-2', ...EXAMPLE_PLACE },
  { step: 'stored', at: AT + 9, clock: 'ingest', instance: 'ingest-2', ...EXAMPLE_PLACE },
];

@ApiSchema({ description: 'What happened to one message, by what is stored.' })
export class MessageTraceDto implements MessageTrace {
  @ApiProperty({ type: String, format: 'uuid', example: EXAMPLE_MESSAGE_ID, description: 'The id of the message.' })
  messageId!: string;

  @ApiProperty({
    type: String,
    enum: TRACE_STATES,
    example: 'stored',
    description:
      '`pending`: in the log, and not stored yet. `stored`: readable. `dead_lettered`: it waits for an operator. `replayed`: an ' +
      'operator sent it again, and it is not stored under this id. `discarded`: it will not be stored.',
  })
  state!: TraceState;

  @ApiProperty(text('alice:bob', 'Its conversation.'))
  conversationId?: string;

  @ApiProperty(text('4bf92f3577b34da6a3ce929d0e0e4736', 'The W3C trace id of the request that sent it, if it had one.'))
  traceId?: string;

  @ApiProperty(text('trace-7', 'The X-Request-Id of the request that sent it.'))
  correlationId?: string;

  @ApiProperty({
    ...OPTIONAL,
    type: Boolean,
    example: true,
    description: 'True when Kafka did not say in time what the log has: its facts are missing here. Ask again.',
  })
  isLogUnread?: boolean;

  @ApiProperty({
    type: [TraceStepDto],
    example: EXAMPLE_STEPS,
    description: 'Oldest first, by the log: a step never comes before the one that caused it.',
  })
  steps!: TraceStepDto[];
}
