import { Injectable } from '@nestjs/common';
import { ProblemError, sameBody, type LogPosition, type Message, type SendMessageDto } from '@wiber/contracts';
import { NotSentError } from '@wiber/kafka';
import { MessageStore, StoreBreaker } from '@wiber/mongo';
import { withDeadline } from '@wiber/resilience';
import { LRUCache } from 'lru-cache';
import { SendMessageService, type Draft, type SendOptions, type SendResult } from './send-message.service.ts';

/** A message under a key, as this gateway first sent it. */
interface KeyedSend extends Draft {
  /** The append that is under way or has succeeded; undefined after one that did not. */
  appended: Promise<LogPosition> | undefined;
  /** Whether a try may have reached Kafka: then the key is used, whatever the caller was told. */
  mayBeSent: boolean;
}

/** How long a request with a key may ask whether its message is stored already, in milliseconds. */
const LOOK_UP_MS = 500;
/** What is kept of keyed sends: 32 MiB of them, 10 minutes each. Past that the store knows them. */
const KEPT = { maxSize: 32 * 1024 * 1024, ttl: 10 * 60_000 };

/**
 * Sends under an Idempotency-Key. A retry is answered with the first's message: from memory, so that the answer is the
 * same before it is stored and with MongoDB away, else from the store. What is sent again is sent unchanged and goes
 * behind the first in the same lane; ingest keeps the first.
 */
@Injectable()
export class KeyedSendService {
  private readonly recent = new LRUCache<string, KeyedSend>({
    ...KEPT,
    sizeCalculation: ({ json }) => json.length * 2 + 500,
  });

  constructor(
    private readonly sender: SendMessageService,
    private readonly store: MessageStore,
    private readonly reads: StoreBreaker,
  ) {}

  /** @throws ProblemError idempotency_conflict; NotSentError, OutcomeUnknownError */
  async send(messageId: string, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    const known = this.recent.get(messageId);
    if (known) return this.answer(known, body, options);
    const stored = await this.findStored(messageId, body);
    if (stored) return { json: JSON.stringify(stored), messageId, position: undefined, stored: true };
    // The same request may have come in while the store was asked.
    return this.answer(this.recent.get(messageId) ?? this.begin(messageId, body), body, options);
  }

  private begin(messageId: string, body: SendMessageDto): KeyedSend {
    const send = { ...this.sender.draft(messageId, body), appended: undefined, mayBeSent: false };
    this.recent.set(messageId, send);
    return send;
  }

  private async answer(send: KeyedSend, body: SendMessageDto, options: SendOptions): Promise<SendResult> {
    if (!sameBody(send.message, body)) throw conflict();
    const { messageId } = send.message;
    const position = await (send.appended ?? this.append(send, options.correlationId));
    if (await this.sender.isStored(position, options.waitS)) {
      // Another gateway may have been first under the key: 201 is for what is really stored.
      const stored = await this.findStored(messageId, body);
      if (stored) {
        Object.assign(send, { message: stored, json: JSON.stringify(stored) });
        return { json: send.json, messageId, position, stored: true };
      }
    }
    return { json: send.json, messageId, position, stored: false };
  }

  private append(send: KeyedSend, correlationId: string): Promise<LogPosition> {
    const appended = this.sender.append(send, correlationId);
    send.appended = appended;
    appended.then(
      () => (send.mayBeSent = true),
      (error: unknown) => {
        send.appended = undefined;
        if (!(error instanceof NotSentError)) send.mayBeSent = true;
        // Nothing of it left this process: the key is free for another message.
        else if (!send.mayBeSent) this.recent.delete(send.message.messageId);
      },
    );
    return appended;
  }

  /** With MongoDB away it is not found, and is sent all the same: Kafka holds it, and the store dedupes. */
  private async findStored(messageId: string, body: SendMessageDto): Promise<Message | null> {
    const looked = this.reads.run(() => this.store.findById(messageId, { maxTimeMS: LOOK_UP_MS }));
    const stored = await withDeadline(looked, LOOK_UP_MS, 'MongoDB').catch(() => null);
    if (stored && !sameBody(stored, body)) throw conflict();
    return stored;
  }
}

const conflict = (): ProblemError =>
  new ProblemError('idempotency_conflict', 'this key was used for another message; take a new key for a new message');
