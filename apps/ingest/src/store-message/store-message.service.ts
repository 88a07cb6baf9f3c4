import { Injectable } from '@nestjs/common';
import { decodeMessage, toStored, type StoredMessage } from '@wiber/contracts';
import type { BatchOutcome, LogBatch, Rejection } from '@wiber/kafka';
import { MessageStore, StoreBreaker, StoreUnavailableError } from '@wiber/mongo';
import { IngestMetrics } from '../ingest.metrics.ts';

/** Stores batches whole: each of their records is in the messages, or is rejected with its reason. */
@Injectable()
export class StoreMessageService {
  constructor(
    private readonly store: MessageStore,
    private readonly writes: StoreBreaker,
    private readonly metrics: IngestMetrics,
  ) {}

  /** Says what became of the batches and never throws: Nest's exception filter would drop what was thrown. */
  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    try {
      const { messages, rejected } = this.sort(batches);
      // Nothing to write asks nobody, and must not count as an answer of MongoDB.
      const write = () => this.store.store(messages);
      const result = await (messages.length > 0 ? this.writes.run(write) : write());
      for (const { message, reason, detail } of result.refused) {
        const { partition, offset } = message;
        rejected.push({ partition, offset, reason, error: detail });
      }
      this.metrics.count(result, batches);
      return { type: 'done', rejected, note: result.writtenAt };
    } catch (cause) {
      return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };
    }
  }

  /**
   * What a record says counts, not its key or headers: a message under a foreign key is stored in the conversation that
   * its body names. Two of one id go to the store as they are: the index alone knows which body was first.
   */
  private sort(batches: LogBatch[]): { messages: StoredMessage[]; rejected: Rejection[] } {
    const messages: StoredMessage[] = [];
    const rejected: Rejection[] = [];
    const storedAt = Date.now();
    for (const { partition, records } of batches) {
      for (const { offset, value } of records) {
        const decoded = decodeMessage(value);
        if (decoded.ok) messages.push(toStored(decoded.message, { partition, offset }, storedAt));
        else rejected.push({ partition, offset, reason: decoded.reason, error: decoded.detail });
      }
    }
    return { messages, rejected };
  }
}
