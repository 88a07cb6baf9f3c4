import { Injectable } from '@nestjs/common';
import { ProblemError, decodeMessage, sameBody, type Message, type SendMessageDto } from '@wiber/contracts';
import { MessageReader, type ListedLetter } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';

const withinMs = GATEWAY_ENV.readDeadlineMs;

/** How far the conversation of a dead letter has come in the store. */
@Injectable()
export class ConversationProgress {
  constructor(private readonly messages: MessageReader) {}

  /** Whether a message is stored under this id with another body. */
  async isOfAnother(messageId: string, body: SendMessageDto): Promise<boolean> {
    const stored = await this.messages.byIdOnPrimary(messageId, withinMs);
    return stored !== null && !sameBody(stored, body);
  }

  /**
   * Refuses when the conversation holds a later message. In the letter's own partition the log's order decides. In other
   * partitions, and for a letter of unknown origin, only the timestamp can.
   * @throws ProblemError conversation_moved_on
   */
  async refuseIfMovedOn(letter: ListedLetter, message: Message): Promise<void> {
    const later = (await this.laterInLog(letter, message)) ?? (await this.laterInTime(letter, message));
    if (!later) return;
    const what = `${later.messageId} of ${later.timestamp} is stored and comes after it`;
    throw new ProblemError(
      'conversation_moved_on',
      `${what}; give force to send this behind what the conversation holds by now`,
    );
  }

  private async laterInLog(letter: ListedLetter, message: Message): Promise<Message | null> {
    if (isStray(letter)) return null;
    const { partition, offset } = letter;
    const later = { position: { partition, offset }, except: message.messageId, withinMs };
    return this.messages.laterInLog([message.fromUser, message.toUser], later);
  }

  private async laterInTime(letter: ListedLetter, message: Message): Promise<Message | null> {
    const own = decodeMessage(letter.value);
    return this.messages.laterInTime([message.fromUser, message.toUser], {
      timestamp: own.ok ? own.message.timestamp : letter.time,
      exceptPartition: isStray(letter) ? undefined : letter.partition,
      except: message.messageId,
      withinMs,
    });
  }
}

const isStray = ({ topic, dlq }: ListedLetter): boolean => topic === dlq.topic;
