import { Injectable } from '@nestjs/common';
import {
  HEADER,
  LamportClock,
  ProblemError,
  SCHEMA_VERSION,
  conversationIdOf,
  sameBody,
  type LogPosition,
  type Message,
  type SendMessageDto,
} from '@wiber/contracts';
import { LogProducer, StoredPositions } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { messageIdFor } from './message.id.ts';

export interface SendRequest {
  body: SendMessageDto;
  idempotencyKey: string | undefined;
  correlationId: string;
  /** Seconds to wait until it is stored; undefined: do not wait. */
  waitS: number | undefined;
}

export interface SendResult {
  /** The message as JSON, the bytes that Kafka holds. */
  json: string;
  messageId: string;
  position: LogPosition | undefined;
  stored: boolean;
}

interface Sent {
  message: Message;
  json: string;
  position: LogPosition;
}

/** How long a request with a key may ask whether its message is stored already, in milliseconds. */
const LOOK_UP_MS = 500;

@Injectable()
export class SendMessageService {
  /** Sends with a key that are under way: the same request twice at once is sent once. */
  private readonly underWay = new Map<string, { body: SendMessageDto; sent: Promise<Sent> }>();

  constructor(
    private readonly producer: LogProducer,
    private readonly positions: StoredPositions,
    private readonly store: MessageStore,
    private readonly clock: LamportClock,
  ) {}

  async send(request: SendRequest): Promise<SendResult> {
    const messageId = messageIdFor(request.body.fromUser, request.idempotencyKey);
    if (request.idempotencyKey !== undefined) {
      const earlier = await this.findEarlier(messageId, request.body);
      if (earlier) return { json: JSON.stringify(earlier), messageId, position: undefined, stored: true };
    }
    const { json, position } = await this.append(messageId, request);
    const stored = request.waitS !== undefined && (await this.positions.waitFor(position, request.waitS * 1000));
    if (stored && request.idempotencyKey !== undefined) await this.confirm(messageId, request.body);
    return { json, messageId, position, stored };
  }

  private append(messageId: string, request: SendRequest): Promise<Sent> {
    if (request.idempotencyKey === undefined) return this.produce(messageId, request);
    const other = this.underWay.get(messageId);
    if (other) {
      if (!sameBody(other.body, request.body)) throw conflict();
      return other.sent;
    }
    const sent = this.produce(messageId, request);
    this.underWay.set(messageId, { body: request.body, sent });
    const forget = () => void this.underWay.delete(messageId);
    sent.then(forget, forget);
    return sent;
  }

  private async produce(messageId: string, { body, correlationId }: SendRequest): Promise<Sent> {
    const { fromUser, toUser, content } = body;
    const message = { messageId, fromUser, toUser, content, timestamp: Date.now(), lamport: this.clock.tick() };
    const json = JSON.stringify(message);
    const position = await this.producer.send({
      key: conversationIdOf(fromUser, toUser),
      value: json,
      headers: {
        [HEADER.messageId]: messageId,
        [HEADER.schemaVersion]: SCHEMA_VERSION,
        [HEADER.correlationId]: correlationId,
      },
    });
    return { message, json, position };
  }

  /** With MongoDB away the message is sent all the same: Kafka holds it, and the store dedupes. */
  private async findEarlier(messageId: string, body: SendMessageDto): Promise<Message | null> {
    const earlier = await this.store.findById(messageId, LOOK_UP_MS).catch(() => null);
    if (earlier && !sameBody(earlier, body)) throw conflict();
    return earlier;
  }

  /** 201 promises that this body is stored: another gateway may have stored another one under the key meanwhile. */
  private async confirm(messageId: string, body: SendMessageDto): Promise<void> {
    await this.findEarlier(messageId, body);
  }
}

const conflict = (): ProblemError =>
  new ProblemError('idempotency_conflict', 'this key was used for another message; take a new key for a new message');
