import { Inject, Injectable } from '@nestjs/common';
import { wallNow } from '@wiber/contracts';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import { DeadLetterWriter, StoreUnavailableError } from '@wiber/mongo';
import { INGEST_ENV } from '../ingest.env.ts';
import { IngestMetrics } from '../ingest.metrics.ts';
import type { BatchTrace, BatchTracer } from '../tracing/batch.tracer.ts';
import { LETTERS_TRACER } from '../tracing/tracer.providers.ts';
import { failedRecordOf } from './failed.record.ts';

/** Lists the records of the dead-letter topic for operators. Such a record never becomes a dead letter again. */
@Injectable()
export class FailedMessageService {
  constructor(
    private readonly letters: DeadLetterWriter,
    private readonly metrics: IngestMetrics,
    @Inject(LETTERS_TRACER) private readonly tracer: Pick<BatchTracer, 'begin'>,
  ) {}

  /** Returns the outcome and never throws: Nest's exception filter would drop the class of an error. */
  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    const trace = this.tracer.begin(batches);
    const outcome = await this.list(batches, trace);
    trace?.end(outcome);
    return outcome;
  }

  private async list(batches: LogBatch[], trace: BatchTrace | undefined): Promise<BatchOutcome> {
    const listedAt = wallNow();
    const listing = { messageTopic: INGEST_ENV.topic, instance: INGEST_ENV.instance, listedAt };
    try {
      const failed = batches.flatMap(({ topic, partition, records }) =>
        records.map((record) => failedRecordOf(record, { topic, partition, offset: record.offset }, listing)),
      );
      trace?.writeBegins(failed.length);
      await this.letters.list(failed);
      trace?.writeEnds();
      this.metrics.listedLetters(failed.length);
      return { type: 'done', rejected: [] };
    } catch (cause) {
      return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };
    }
  }
}
