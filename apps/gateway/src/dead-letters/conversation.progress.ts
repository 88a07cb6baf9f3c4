import { Injectable } from '@nestjs/common';
import { ProblemError, conversationIdOf, decodeMessage, type Message } from '@wiber/contracts';
import { MessageStore, type ListedLetter } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';

const options = { maxTimeMS: GATEWAY_ENV.readDeadlineMs, readPreference: 'primary' } as const;

/** Tells whether a conversation went on after the place where a dead letter's message belongs. */
@Injectable()
export class ConversationProgress {
  constructor(private readonly store: MessageStore) {}

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
    const filter = { ...conversation, partition, offset: { $gt: offset } };
    return this.store.guard(() =>
      this.store.messages.findOne(filter, {
        ...options,
        hint: 'conversation_by_log',
        sort: { partition: 1, offset: 1 },
      }),
    );
  }

  private async laterInTime(letter: ListedLetter, conversation: object): Promise<Message | null> {
    const own = decodeMessage(letter.value);
    const timestamp = { $gt: own.ok ? own.message.timestamp : letter.time };
    const elsewhere = isStray(letter) ? {} : { partition: { $ne: letter.partition } };
    const filter = { ...conversation, timestamp, ...elsewhere };
    return this.store.guard(() => this.store.messages.findOne(filter, { ...options, hint: 'conversation_by_time' }));
  }
}

const isStray = ({ topic, dlq }: ListedLetter): boolean => topic === dlq.topic;
