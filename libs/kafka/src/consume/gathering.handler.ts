import type { BatchOutcome, LogBatch } from './batch.outcome.ts';
import { Gatherer, type GatherPolicy } from './gatherer.ts';

/** Gets batches of one topic and reports one outcome for all of them. */
export type HandleBatches = (batches: LogBatch[]) => Promise<BatchOutcome>;

export interface BatchHandler {
  /** Handles the batch, perhaps in one call with batches of other partitions. Never rejects. */
  handle(batch: LogBatch): Promise<BatchOutcome>;
  /** Handles exactly this batch. Never rejects. */
  handleAlone(batch: LogBatch): Promise<BatchOutcome>;
}

/** Calls a topic's handler once for the batches that one fetch brought. An error of the handler is an outcome here. */
export class GatheringHandler implements BatchHandler {
  private readonly call: HandleBatches;
  private readonly gatherer: Gatherer<LogBatch, BatchOutcome>;

  constructor(call: HandleBatches, policy: GatherPolicy) {
    this.call = call;
    const sizeOf = ({ records }: LogBatch) => records.length;
    this.gatherer = new Gatherer(policy, { sizeOf, work: (batches) => this.callSafely(batches) });
  }

  handle(batch: LogBatch): Promise<BatchOutcome> {
    return this.gatherer.submit(batch);
  }

  handleAlone(batch: LogBatch): Promise<BatchOutcome> {
    return this.callSafely([batch]);
  }

  private async callSafely(batches: LogBatch[]): Promise<BatchOutcome> {
    try {
      return await this.call(batches);
    } catch (cause) {
      return { type: 'failed', cause };
    }
  }
}
