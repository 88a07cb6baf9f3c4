import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  sameBody,
  type LogPosition,
  type Message,
  type SendMessageDto,
} from '@wiber/contracts';
import { NotSentError, OutcomeUnknownError } from '@wiber/kafka';
import { MessageReader, type MessageIdentity } from '@wiber/mongo';
import { MessageAppender, type SentBy } from '../messages/message.appender.ts';
import { KeyedSends, type KeyedSend } from './keyed.sends.ts';
import { SendMessageService, type SendOptions, type SendResult } from './send-message.service.ts';

/** How long a request with a key may look for its message in the store, in milliseconds. */
const LOOK_UP_MS = 500;
const STILL_UNKNOWN =
  'an earlier request under this key may be in Kafka, and this one could not be sent; repeat it with the same key';

/**
 * Sends under an Idempotency-Key. A retry gets the message of the first request. It comes from memory where possible: the
 * answer is then the same before the message is stored, and while MongoDB is away. A second append has the same bytes and
 * follows the first in the same lane, so ingest keeps the first.
 */
@Injectable()
export class KeyedSendService {
  private readonly known = new KeyedSends();

  constructor(
    private readonly appender: MessageAppender,
    private readonly sender: SendMessageService,
    private readonly messages: MessageReader,
    private readonly clock: LamportClock,
  ) {}

  /** @throws ProblemError idempotency_conflict; NotSentError, OutcomeUnknownError */
  async send(messageId: string, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    const known = this.known.get(messageId);
    if (known) return this.answer(known, body, options);
    const stored = await this.findStored({ messageId, ...body });
    if (stored && !sameBody(stored, body)) throw conflict();
    if (stored) return asStored(stored);
    // The same request may have arrived again during the look-up.
    return this.answer(this.known.get(messageId) ?? this.remember(messageId, body), body, options);
  }

  private remember(messageId: string, body: SendMessageDto): KeyedSend {
    const send = { ...this.appender.draft(messageId, body), appended: undefined, mayBeSent: false, isStored: false };
    this.known.set(send);
    return send;
  }

  /** From now on the key belongs to this message at this gateway, too. */
  private adopt(stored: Message): void {
    const json = JSON.stringify(stored);
    this.known.set({ message: stored, json, appended: undefined, mayBeSent: false, isStored: true });
  }

  /**
   * Another gateway may have been first under the key with this body, while this one remembers another body: the store
   * decides. While it has neither, the memory does.
   * @throws ProblemError idempotency_conflict
   */
  private async answerOther(remembered: KeyedSend, body: SendMessageDto): Promise<SendResult> {
    const stored = remembered.isStored ? null : await this.findStored(remembered.message);
    if (stored && !sameBody(stored, remembered.message)) this.adopt(stored);
    if (!stored || !sameBody(stored, body)) throw conflict();
    return asStored(stored);
  }

  private async answer(send: KeyedSend, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    if (!sameBody(send.message, body)) return this.answerOther(send, body);
    if (send.isStored) return asStored(send.message, send.json);
    const { messageId } = send.message;
    const isAppendedBefore = send.appended !== undefined;
    send.appended ??= this.append(send, options);
    const position = await send.appended;
    const fate = await this.sender.fateOf(messageId, position, options);
    if (fate === 'stored') {
      // Another gateway may have been first under the key: a 201 shows what is really stored.
      const stored = await this.findStored(send.message);
      if (stored && sameBody(stored, body)) {
        Object.assign(send, { message: stored, json: JSON.stringify(stored) });
        return { json: send.json, messageId, position, stored: true, isDeadLetter: false };
      }
      // Not where this request itself appended: its record is in the log, and 4xx says that nothing left the gateway.
      if (stored) this.adopt(stored);
      if (stored && isAppendedBefore) throw conflict();
    }
    return { json: send.json, messageId, position, stored: false, isDeadLetter: fate === 'dead_lettered' };
  }

  /** @throws OutcomeUnknownError also for a try that was not sent, when an earlier one may be in Kafka */
  private async append(send: KeyedSend, sentBy: SentBy): Promise<LogPosition> {
    try {
      return await this.known.whileInFlight(send, () => this.appender.append(send, sentBy));
    } catch (error) {
      send.appended = undefined;
      const isUnsent = error instanceof NotSentError;
      if (isUnsent && send.mayBeSent)
        throw new OutcomeUnknownError(STILL_UNKNOWN, { cause: error, retryAfterMs: error.retryAfterMs });
      if (!isUnsent) send.mayBeSent = true;
      // The message never left this process, so the key is free for another message.
      else this.known.delete(send);
      throw error;
    }
  }

  /** While MongoDB is away nothing is found and the message is sent: Kafka keeps it, and the store dedupes. */
  private async findStored(message: MessageIdentity): Promise<Message | null> {
    const stored = await this.messages.sameAs(message, { withinMs: LOOK_UP_MS }).catch(() => null);
    // The answer may show it, so what the client sends next is later.
    if (stored) this.clock.observe(stored.lamport);
    return stored;
  }
}

const asStored = (message: Message, json = JSON.stringify(message)): SendResult => {
  const { messageId } = message;
  return { json, messageId, position: undefined, stored: true, isDeadLetter: false };
};

const conflict = (): ProblemError =>
  new ProblemError('idempotency_conflict', 'this key was used for another message; take a new key for a new message');
