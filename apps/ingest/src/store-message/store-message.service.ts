import { Inject, Injectable } from '@nestjs/common';
import { decodeMessage, isLamportTime, toStored, type StoredMessage, wallNow } from '@wiber/contracts';
import type { BatchOutcome, LogBatch, Rejection } from '@wiber/kafka';
import { MessageWriter, StoreUnavailableError } from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { GatewayClocks } from '../clocks/gateway.clocks.ts';
import { INGEST_ENV } from '../ingest.env.ts';
import { IngestMetrics } from '../ingest.metrics.ts';
import type { BatchTrace, BatchTracer } from '../tracing/batch.tracer.ts';
import { STORE_TRACER } from '../tracing/tracer.providers.ts';

interface Decoded {
  messages: StoredMessage[];
  rejected: Rejection[];
  /** By partition: the largest Lamport time among its messages that a clock goes on from. */
  lamports: Map<number, number>;
}

/** Stores whole batches: each record becomes a stored message, or is rejected with a reason. */
@Injectable()
export class StoreMessageService {
  constructor(
    private readonly writer: MessageWriter,
    private readonly metrics: IngestMetrics,
    private readonly clocks: GatewayClocks,
    @Inject(STORE_TRACER) private readonly tracer: Pick<BatchTracer, 'begin'>,
  ) {}

  /** Returns the outcome and never throws: Nest's exception filter would drop the class of an error. */
  async handle(batches: LogBatch[]): Promise<BatchOutcome> {
    const trace = this.tracer.begin(batches);
    const outcome = await this.store(batches, trace);
    trace?.end(outcome);
    return outcome;
  }

  private async store(batches: LogBatch[], trace: BatchTrace | undefined): Promise<BatchOutcome> {
    try {
      const { messages, rejected, lamports } = this.decode(batches);
      trace?.writeBegins(messages.length);
      const begin = monotonicNow();
      const result = await this.writer.store(messages);
      trace?.writeEnds();
      for (const { message, reason, detail } of result.refused) {
        const { partition, offset } = message;
        rejected.push({ partition, offset, reason, error: detail });
      }
      this.metrics.count(result, batches, (monotonicNow() - begin) / 1000);
      this.metrics.latencies(messages, batches, result);
      return { type: 'done', rejected, note: result.writtenAt, lamports };
    } catch (cause) {
      return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };
    }
  }

  /**
   * Reads only the values of the records: a message under a wrong key is stored in the conversation of its body. Two records
   * with one id both go to the store, because only the unique index knows which body was first.
   */
  private decode(batches: LogBatch[]): Decoded {
    const messages: StoredMessage[] = [];
    const rejected: Rejection[] = [];
    const lamports = new Map<number, number>();
    const [storedAt, storedBy] = [wallNow(), INGEST_ENV.instance];
    for (const { partition, takenAt, records } of batches) {
      const storing = { takenAt, storedAt, storedBy };
      const clocks = this.clocks.of(partition);
      let largest = 0;
      for (const { offset, value, headers, appended } of records) {
        const decoded = decodeMessage(value);
        if (!decoded.ok) {
          rejected.push({ partition, offset, reason: decoded.reason, error: decoded.detail });
          continue;
        }
        const { lamport, timestamp } = decoded.message;
        if (lamport > largest && isLamportTime(lamport)) largest = lamport;
        messages.push(toStored(decoded.message, { partition, offset }, storing));
        clocks.saw(appended, timestamp, headers);
      }
      clocks.end();
      lamports.set(partition, largest);
    }
    return { messages, rejected, lamports };
  }
}
