import { Injectable } from '@nestjs/common';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import { DeadLetterStore, StoreBreaker, StoreUnavailableError } from '@wiber/mongo';
import { INGEST_ENV } from '../ingest.env.ts';
import { IngestMetrics } from '../ingest.metrics.ts';
import { failedRecordOf } from './failed.record.ts';

/** Lists what is in the dead-letter topic, so that operators can see it. Nothing of it is ever a dead letter again. */
@Injectable()
export class FailedMessageService {
  constructor(
    private readonly letters: DeadLetterStore,
    private readonly writes: StoreBreaker,
    private readonly metrics: IngestMetrics,
  ) {}

  /** Says what became of the batches and never throws: Nest's exception filter would drop what was thrown. */
  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    const listedAt = Date.now();
    const listing = { messageTopic: INGEST_ENV.topic, instance: INGEST_ENV.instance, listedAt };
    try {
      const records = batches.flatMap(({ topic, partition, records: found }) =>
        found.map((record) => failedRecordOf(record, { topic, partition, offset: record.offset }, listing)),
      );
      await this.writes.run(() => this.letters.list(records));
      this.metrics.listedLetters(records.length);
      return { type: 'done', rejected: [] };
    } catch (cause) {
      return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };
    }
  }
}
