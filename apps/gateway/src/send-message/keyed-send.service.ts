import { Injectable } from '@nestjs/common';
import { ProblemError, sameBody, type LogPosition, type Message, type SendMessageDto } from '@wiber/contracts';
import { NotSentError } from '@wiber/kafka';
import { MessageReader } from '@wiber/mongo';
import { LRUCache } from 'lru-cache';
import { MessageAppender, type Draft } from '../messages/message.appender.ts';
import { SendMessageService, type SendOptions, type SendResult } from './send-message.service.ts';

/** A message under a key, as this gateway first sent it. */
interface KeyedSend extends Draft {
  /** The append that is in flight or has succeeded; undefined after a failed one. */
  appended: Promise<LogPosition> | undefined;
  /** Whether a try may have reached Kafka. The key is then used, also when the caller got an error. */
  mayBeSent: boolean;
}

/** How long a request with a key may look for its message in the store, in milliseconds. */
const LOOK_UP_MS = 500;
/** At most 32 MiB of keyed sends, each for 10 minutes. Later retries find the message in the store. */
const KEPT = { maxSize: 32 * 1024 * 1024, ttl: 10 * 60_000 };

/**
 * Sends under an Idempotency-Key. A retry gets the message of the first request. It comes from memory where possible: the
 * answer is then the same before the message is stored, and while MongoDB is away. A second append has the same bytes and
 * follows the first in the same lane, so ingest keeps the first.
 */
@Injectable()
export class KeyedSendService {
  private readonly recent = new LRUCache<string, KeyedSend>({
    ...KEPT,
    sizeCalculation: ({ json }) => json.length * 2 + 500,
  });

  constructor(
    private readonly appender: MessageAppender,
    private readonly sender: SendMessageService,
    private readonly messages: MessageReader,
  ) {}

  /** @throws ProblemError idempotency_conflict; NotSentError, OutcomeUnknownError */
  async send(messageId: string, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    const known = this.recent.get(messageId);
    if (known) return this.answer(known, body, options);
    const stored = await this.findStored(messageId, body);
    if (stored) return { json: JSON.stringify(stored), messageId, position: undefined, stored: true };
    // The same request may have arrived again during the look-up.
    return this.answer(this.recent.get(messageId) ?? this.remember(messageId, body), body, options);
  }

  private remember(messageId: string, body: SendMessageDto): KeyedSend {
    const send = { ...this.appender.draft(messageId, body), appended: undefined, mayBeSent: false };
    this.recent.set(messageId, send);
    return send;
  }

  private async answer(send: KeyedSend, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    if (!sameBody(send.message, body)) throw conflict();
    const { messageId } = send.message;
    const position = await (send.appended ?? this.append(send, options.correlationId));
    if (await this.sender.waitUntilStored(position, options.waitS)) {
      // Another gateway may have been first under the key: a 201 shows what is really stored.
      const stored = await this.findStored(messageId, body);
      if (stored) {
        Object.assign(send, { message: stored, json: JSON.stringify(stored) });
        return { json: send.json, messageId, position, stored: true };
      }
    }
    return { json: send.json, messageId, position, stored: false };
  }

  private append(send: KeyedSend, correlationId: string): Promise<LogPosition> {
    const appended = this.appender.append(send, correlationId);
    send.appended = appended;
    appended.then(
      () => (send.mayBeSent = true),
      (error: unknown) => {
        send.appended = undefined;
        if (!(error instanceof NotSentError)) send.mayBeSent = true;
        // The message never left this process, so the key is free for another message.
        else if (!send.mayBeSent) this.recent.delete(send.message.messageId);
      },
    );
    return appended;
  }

  /** While MongoDB is away nothing is found and the message is sent: Kafka keeps it, and the store dedupes. */
  private async findStored(messageId: string, body: SendMessageDto): Promise<Message | null> {
    const stored = await this.messages.byId(messageId, { withinMs: LOOK_UP_MS }).catch(() => null);
    if (stored && !sameBody(stored, body)) throw conflict();
    return stored;
  }
}

const conflict = (): ProblemError =>
  new ProblemError('idempotency_conflict', 'this key was used for another message; take a new key for a new message');
