import { Injectable } from '@nestjs/common';
import { wallNow } from '@wiber/contracts';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import { DeadLetterWriter, StoreUnavailableError } from '@wiber/mongo';
import { INGEST_ENV } from '../ingest.env.ts';
import { IngestMetrics } from '../ingest.metrics.ts';
import { failedRecordOf } from './failed.record.ts';

/** Lists the records of the dead-letter topic for operators. Such a record never becomes a dead letter again. */
@Injectable()
export class FailedMessageService {
  constructor(
    private readonly letters: DeadLetterWriter,
    private readonly metrics: IngestMetrics,
  ) {}

  /** Returns the outcome and never throws: Nest's exception filter would drop the class of an error. */
  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    const listedAt = wallNow();
    const listing = { messageTopic: INGEST_ENV.topic, instance: INGEST_ENV.instance, listedAt };
    try {
      const failed = batches.flatMap(({ topic, partition, records }) =>
        records.map((record) => failedRecordOf(record, { topic, partition, offset: record.offset }, listing)),
      );
      await this.letters.list(failed);
      this.metrics.listedLetters(failed.length);
      return { type: 'done', rejected: [] };
    } catch (cause) {
      return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };
    }
  }
}
