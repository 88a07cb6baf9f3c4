import { Injectable } from '@nestjs/common';
import type { LogPosition, SendMessageDto } from '@wiber/contracts';
import { StoredPositions } from '@wiber/kafka';
import { MessageAppender } from '../messages/message.appender.ts';

export interface SendResult {
  /** The message as JSON. */
  json: string;
  messageId: string;
  /** Undefined for a message that was found in the store, and needs no position to be found again. */
  position: LogPosition | undefined;
  stored: boolean;
}

export interface SendOptions {
  correlationId: string;
  /** Seconds to wait until the message is stored; undefined: do not wait. */
  waitS: number | undefined;
}

@Injectable()
export class SendMessageService {
  constructor(
    private readonly appender: MessageAppender,
    private readonly positions: StoredPositions,
  ) {}

  /** @throws NotSentError, OutcomeUnknownError */
  async send(messageId: string, body: SendMessageDto, { correlationId, waitS }: SendOptions): Promise<SendResult> {
    const draft = this.appender.draft(messageId, body);
    const position = await this.appender.append(draft, correlationId);
    return { json: draft.json, messageId, position, stored: await this.waitUntilStored(position, waitS) };
  }

  /** Resolves to whether ingest passed the position within `waitS` seconds; to false when there is nothing to wait for. */
  waitUntilStored(position: LogPosition, waitS: number | undefined): Promise<boolean> | boolean {
    return waitS ? this.positions.waitFor(position, waitS * 1000) : false;
  }
}
