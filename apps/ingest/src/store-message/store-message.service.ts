import { Injectable } from '@nestjs/common';
import { decodeMessage, sameBody, toStored, type StoredMessage } from '@wiber/contracts';
import type { BatchOutcome, ConsumedRecord, LogBatch } from '@wiber/kafka';
import { MessageStore, type RejectedRecord } from '@wiber/mongo';
import { IngestMetrics } from '../ingest.metrics.ts';

/** Stores a batch whole: each of its records ends in the messages or, with its reason, among the rejected. */
@Injectable()
export class StoreMessageService {
  constructor(
    private readonly store: MessageStore,
    private readonly metrics: IngestMetrics,
  ) {}

  async handle(batch: LogBatch): Promise<BatchOutcome> {
    const { messages, rejected } = this.sort(batch);
    try {
      const result = await this.store.store([...messages.values()]);
      for (const { message, reason, detail } of result.refused) {
        const record = batch.records.find(({ offset }) => offset === message.offset);
        if (record) rejected.push(this.reject(batch, record, { reason, detail }));
      }
      await this.store.keepRejected(rejected);
      this.metrics.count(result, rejected.length, batch.records.length);
      return { type: 'done' };
    } catch (cause) {
      return { type: 'unavailable', cause };
    }
  }

  /** The first record of an id is the message; a later one of the same batch is its duplicate or a conflict. */
  private sort(batch: LogBatch): { messages: Map<string, StoredMessage>; rejected: RejectedRecord[] } {
    const messages = new Map<string, StoredMessage>();
    const rejected: RejectedRecord[] = [];
    const storedAt = Date.now();
    for (const record of batch.records) {
      const decoded = decodeMessage(record.value);
      if (!decoded.ok) {
        rejected.push(this.reject(batch, record, decoded));
        continue;
      }
      const { message } = decoded;
      const first = messages.get(message.messageId);
      if (!first) {
        messages.set(
          message.messageId,
          toStored(message, { partition: batch.partition, offset: record.offset }, storedAt),
        );
      } else if (!sameBody(first, message)) {
        const detail = `${message.messageId} came before with another body`;
        rejected.push(this.reject(batch, record, { reason: 'idempotency_conflict', detail }));
      }
    }
    return { messages, rejected };
  }

  private reject(
    { topic, partition }: LogBatch,
    { offset, key, value }: ConsumedRecord,
    { reason, detail }: Pick<RejectedRecord, 'reason' | 'detail'>,
  ): RejectedRecord {
    return { topic, partition, offset, key, value, reason, detail };
  }
}
