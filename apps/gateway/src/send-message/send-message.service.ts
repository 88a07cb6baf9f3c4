import { Injectable } from '@nestjs/common';
import {
  HEADER,
  LamportClock,
  SCHEMA_VERSION,
  conversationIdOf,
  type LogPosition,
  type Message,
  type SendMessageDto,
} from '@wiber/contracts';
import { LogProducer, StoredPositions } from '@wiber/kafka';
import { GatewayMetrics } from '../gateway.metrics.ts';

/** A message and the bytes that Kafka holds of it. */
export interface Draft {
  message: Message;
  json: string;
}

export interface SendResult {
  /** The message as JSON. */
  json: string;
  messageId: string;
  /** Undefined for a message found in the store: it is there, whatever its place in the log. */
  position: LogPosition | undefined;
  stored: boolean;
}

export interface SendOptions {
  correlationId: string;
  /** Seconds to wait until it is stored; undefined: do not wait. */
  waitS: number | undefined;
}

@Injectable()
export class SendMessageService {
  constructor(
    private readonly producer: LogProducer,
    private readonly positions: StoredPositions,
    private readonly clock: LamportClock,
    private readonly metrics: GatewayMetrics,
  ) {}

  async send(messageId: string, body: SendMessageDto, { correlationId, waitS }: SendOptions): Promise<SendResult> {
    const draft = this.draft(messageId, body);
    const position = await this.append(draft, correlationId);
    return { json: draft.json, messageId, position, stored: await this.isStored(position, waitS) };
  }

  draft(messageId: string, { fromUser, toUser, content }: SendMessageDto): Draft {
    const message = { messageId, fromUser, toUser, content, timestamp: Date.now(), lamport: this.clock.tick() };
    return { message, json: JSON.stringify(message) };
  }

  /** Resolves once every in-sync replica has it. @throws NotSentError, OutcomeUnknownError */
  async append({ message, json }: Draft, correlationId: string): Promise<LogPosition> {
    const position = await this.producer.send({
      key: conversationIdOf(message.fromUser, message.toUser),
      value: json,
      headers: {
        [HEADER.messageId]: message.messageId,
        [HEADER.schemaVersion]: SCHEMA_VERSION,
        [HEADER.correlationId]: correlationId,
      },
    });
    this.metrics.accepted();
    return position;
  }

  /** Waits, if that is asked for, until ingest has passed the position. */
  isStored(position: LogPosition, waitS: number | undefined): Promise<boolean> | boolean {
    return waitS ? this.positions.waitFor(position, waitS * 1000) : false;
  }
}
