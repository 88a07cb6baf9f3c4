import { Injectable } from '@nestjs/common';
import type { LogPosition, SendMessageDto } from '@wiber/contracts';
import type { WhenGone } from '@wiber/kafka';
import { MessageAppender, type SentBy } from '../messages/message.appender.ts';
import { MessageFate, type Fate } from '../messages/message.fate.ts';

export interface SendResult {
  /** The message as JSON. */
  json: string;
  messageId: string;
  /** Undefined for a message that was found in the store, and needs no position to be found again. */
  position: LogPosition | undefined;
  stored: boolean;
  /** Ingest has refused the message and keeps it for operators. */
  isDeadLetter: boolean;
}

export interface SendOptions extends SentBy {
  /** Seconds to wait until the message is stored; undefined: do not wait. */
  waitS: number | undefined;
  /** Ends the wait of a client that is no longer there. */
  whenGone?: WhenGone | undefined;
}

@Injectable()
export class SendMessageService {
  constructor(
    private readonly appender: MessageAppender,
    private readonly fates: MessageFate,
  ) {}

  /** @throws NotSentError, OutcomeUnknownError */
  async send(messageId: string, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    const draft = this.appender.draft(messageId, body);
    const position = await this.appender.append(draft, options);
    const fate = options.waitS ? await this.fateOf(messageId, position, options) : 'pending';
    const [stored, isDeadLetter] = [fate === 'stored', fate === 'dead_lettered'];
    return { json: draft.json, messageId, position, stored, isDeadLetter };
  }

  /** What is known of an appended message within `waitS` seconds; pending when there is nothing to wait for. */
  async fateOf(messageId: string, position: LogPosition, { waitS, whenGone }: SendOptions): Promise<Fate> {
    return waitS ? this.fates.ofAppended({ messageId, position, ms: waitS * 1000, whenGone }) : 'pending';
  }
}
