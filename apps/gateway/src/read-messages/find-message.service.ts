import { Injectable } from '@nestjs/common';
import { ProblemError, type CausalToken, type LogPosition, type Message } from '@wiber/contracts';
import { StoredPositions } from '@wiber/kafka';
import { MessageReader } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';

export interface FindRequest {
  messageId: string;
  /** Where Kafka has the message, when the client knows it. */
  position: LogPosition | undefined;
  /** Seconds to wait until ingest has passed the position; undefined: do not wait. */
  waitS: number | undefined;
  seen: CausalToken | undefined;
}

export interface FoundMessage {
  message: Message | undefined;
  /** The message is in the log, and ingest has not passed its position yet. */
  isPending: boolean;
}

/** Finds one message by its id. */
@Injectable()
export class FindMessageService {
  constructor(
    private readonly messages: MessageReader,
    private readonly positions: StoredPositions,
  ) {}

  async find({ messageId, position, waitS = 0, seen }: FindRequest): Promise<FoundMessage> {
    // Asked before the store: a message that is missing after ingest passed its position will never be there.
    const isPassed = position && (await this.positions.waitFor(position, Math.max(waitS * 1000, 1)));
    const message = await this.messages.byId(messageId, { withinMs: GATEWAY_ENV.readDeadlineMs, seen });
    return { message: message ?? undefined, isPending: !message && isPassed === false };
  }
}

/** @throws ProblemError message_pending, message_not_found */
export const foundMessage = ({ message, isPending }: FoundMessage, messageId: string): Message => {
  if (message) return message;
  if (isPending)
    throw new ProblemError('message_pending', 'the message is accepted and not stored yet; ask again', {
      retryAfterS: 1,
    });
  throw new ProblemError('message_not_found', `no stored message has the id ${messageId}`);
};
