import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  conversationIdOf,
  decodeMessage,
  sameBody,
  type Message,
  type SendMessageDto,
} from '@wiber/contracts';
import { MessageStore, StoreBreaker, type ListedLetter } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';

const options = { maxTimeMS: GATEWAY_ENV.readDeadlineMs, readPreference: 'primary' } as const;

/** What the store holds already of where a dead letter's message is going to. */
@Injectable()
export class ConversationProgress {
  constructor(
    private readonly store: MessageStore,
    private readonly reads: StoreBreaker,
  ) {}

  /** Whether a message is stored under this id, with another body than this one. */
  async isOfAnother(messageId: string, body: SendMessageDto): Promise<boolean> {
    const stored = await this.first({ messageId }, 'message_once');
    return stored !== null && !sameBody(stored, body);
  }

  /**
   * Within the letter's partition the log's order tells; elsewhere, and for a record of unknown origin, only time does.
   * @throws ProblemError conversation_moved_on
   */
  async refuseIfMovedOn(letter: ListedLetter, message: Message): Promise<void> {
    const { fromUser, toUser, messageId } = message;
    // A message that is stored already is no newer than itself.
    const conversation = { conversationId: conversationIdOf(fromUser, toUser), messageId: { $ne: messageId } };
    const later = (await this.laterInLog(letter, conversation)) ?? (await this.laterInTime(letter, conversation));
    if (!later) return;
    const what = `${later.messageId} of ${later.timestamp} is stored and comes after it`;
    throw new ProblemError(
      'conversation_moved_on',
      `${what}; give force to send this behind what the conversation holds by now`,
    );
  }

  private async laterInLog(letter: ListedLetter, conversation: object): Promise<Message | null> {
    if (isStray(letter)) return null;
    const { partition, offset } = letter;
    return this.first({ ...conversation, partition, offset: { $gt: offset } }, 'conversation_by_log');
  }

  private async laterInTime(letter: ListedLetter, conversation: object): Promise<Message | null> {
    const own = decodeMessage(letter.value);
    const timestamp = { $gt: own.ok ? own.message.timestamp : letter.time };
    const elsewhere = isStray(letter) ? {} : { partition: { $ne: letter.partition } };
    return this.first({ ...conversation, timestamp, ...elsewhere }, 'conversation_by_time');
  }

  /** Of the primary, whatever reads are set to: what is not there yet on a secondary counts. */
  private first(filter: object, hint: string): Promise<Message | null> {
    const { store } = this;
    return this.reads.run(() => store.guard(() => store.messages.findOne(filter, { ...options, hint })));
  }
}

const isStray = ({ topic, dlq }: ListedLetter): boolean => topic === dlq.topic;
