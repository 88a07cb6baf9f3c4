import { Injectable } from '@nestjs/common';
import {
  HEADER,
  LamportClock,
  SCHEMA_VERSION,
  conversationIdOf,
  type LogPosition,
  type Message,
  type SendMessageDto,
  wallNow,
} from '@wiber/contracts';
import { LogProducer, type LogRecord } from '@wiber/kafka';
import { ATTRIBUTE, type OpenSpan } from '@wiber/observability';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { GatewayMetrics } from '../gateway.metrics.ts';

/** Its bytes are made once. */
const INSTANCE = Buffer.from(GATEWAY_ENV.instance);

/** A message and its JSON, which becomes the value of its Kafka record. */
export interface Draft {
  message: Message;
  json: string;
}

type SentHeaders = NonNullable<LogRecord['headers']>;

/** What a record says of the request that sent it. */
export interface SentBy {
  correlationId: string;
  /** The context of its trace; undefined of a request without one. */
  traceparent?: string | undefined;
  tracestate?: string | undefined;
  /** The span of the request, where it is traced. */
  span?: OpenSpan | undefined;
  /** The id of the dead letter that the message replays. */
  replayOf?: string;
}

/** The one way by which a message enters the log: sent by a client, or replayed by an operator. */
@Injectable()
export class MessageAppender {
  constructor(
    private readonly producer: LogProducer,
    private readonly clock: LamportClock,
    private readonly metrics: GatewayMetrics,
  ) {}

  draft(messageId: string, { fromUser, toUser, content }: SendMessageDto): Draft {
    const message = { messageId, fromUser, toUser, content, timestamp: wallNow(), lamport: this.clock.tick() };
    return { message, json: JSON.stringify(message) };
  }

  /** Resolves once every in-sync replica has the record. @throws NotSentError, OutcomeUnknownError */
  async append(draft: Draft, sentBy: SentBy): Promise<LogPosition> {
    const position = await (sentBy.span ? this.sendTraced(draft, sentBy, sentBy.span) : this.send(draft, sentBy));
    this.metrics.accepted();
    return position;
  }

  private send({ message, json }: Draft, { correlationId, traceparent, tracestate, replayOf }: SentBy) {
    const headers: SentHeaders = {
      [HEADER.messageId]: message.messageId,
      [HEADER.schemaVersion]: SCHEMA_VERSION,
      [HEADER.correlationId]: correlationId,
      [HEADER.instance]: INSTANCE,
    };
    if (traceparent !== undefined) headers[HEADER.traceparent] = traceparent;
    if (tracestate !== undefined) headers[HEADER.tracestate] = tracestate;
    if (replayOf !== undefined) headers[HEADER.replayOf] = replayOf;
    return this.producer.send({ key: conversationIdOf(message.fromUser, message.toUser), value: json, headers });
  }

  /** The same within a span of its own, which the record carries: what ingest does then belongs under it. */
  private async sendTraced(draft: Draft, sentBy: SentBy, request: OpenSpan): Promise<LogPosition> {
    const span = request.child({
      name: SEND,
      kind: 'producer',
      attributes: { ...SEND_ATTRIBUTES, [ATTRIBUTE.messagingMessageId]: draft.message.messageId },
    });
    try {
      const position = await this.send(draft, { ...sentBy, traceparent: span.traceparent });
      const { partition, offset } = position;
      span.end({
        attributes: { [ATTRIBUTE.messagingPartition]: String(partition), [ATTRIBUTE.messagingOffset]: offset },
      });
      return position;
    } catch (error) {
      span.end({ error: (error as { code?: string }).code ?? 'internal_error' });
      throw error;
    }
  }
}

const SEND = `send ${GATEWAY_ENV.topic}`;
const SEND_ATTRIBUTES = {
  [ATTRIBUTE.messagingSystem]: 'kafka',
  [ATTRIBUTE.messagingDestination]: GATEWAY_ENV.topic,
  [ATTRIBUTE.messagingOperation]: 'send',
  [ATTRIBUTE.messagingOperationType]: 'send',
};
