import { Injectable } from '@nestjs/common';
import { decodeMessage, toStored, type StoredMessage } from '@wiber/contracts';
import type { BatchOutcome, ConsumedRecord, LogBatch } from '@wiber/kafka';
import { MessageStore, type RejectedRecord } from '@wiber/mongo';
import { IngestMetrics } from '../ingest.metrics.ts';

/** Stores batches whole: each of their records ends in the messages or, with its reason, among the rejected. */
@Injectable()
export class StoreMessageService {
  constructor(
    private readonly store: MessageStore,
    private readonly metrics: IngestMetrics,
  ) {}

  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    const { messages, rejected } = this.sort(batches);
    try {
      const result = await this.store.store(messages);
      for (const { message, reason, detail } of result.refused) {
        const batch = batches.find(({ partition }) => partition === message.partition);
        const record = batch?.records.find(({ offset }) => offset === message.offset);
        if (batch && record) rejected.push(this.reject(batch, record, { reason, detail }));
      }
      await this.store.keepRejected(rejected);
      this.metrics.count(result, { rejected: rejected.length, batches });
      return { type: 'done', note: result.writtenAt };
    } catch (cause) {
      return { type: 'unavailable', cause };
    }
  }

  /**
   * What a record says counts, not its key or headers: a message under a foreign key is stored in the conversation that
   * its body names. Two of one id go to the store as they are: the index alone knows which body was first.
   */
  private sort(batches: LogBatch[]): { messages: StoredMessage[]; rejected: RejectedRecord[] } {
    const messages: StoredMessage[] = [];
    const rejected: RejectedRecord[] = [];
    const storedAt = Date.now();
    for (const batch of batches) {
      for (const record of batch.records) {
        const decoded = decodeMessage(record.value);
        if (!decoded.ok) rejected.push(this.reject(batch, record, decoded));
        else messages.push(toStored(decoded.message, { partition: batch.partition, offset: record.offset }, storedAt));
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
