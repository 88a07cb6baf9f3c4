import { HEADER } from '@wiber/contracts';
import type { Appended, ConsumedRecord } from '@wiber/kafka';
import type { LeastDelay, MonotonicClock } from '@wiber/resilience';

/** A longer header is no name of a gateway, so it is looked up each time instead of kept. */
const KEPT_MAX_BYTES = 100;

/** Finds the estimator of a header; undefined when none may be made any more. */
export type FindEstimator = (header: unknown) => LeastDelay | undefined;

/**
 * The gateways that wrote into one partition. All records of a produce batch are of one gateway and have one append time, so the
 * youngest one waited least, and it alone is a sample. Mostly its gateway is that of the batch before. So a record costs two
 * comparisons, and nothing is allocated.
 */
export class PartitionClocks {
  private readonly find: FindEstimator;
  private readonly now: MonotonicClock;
  private name: Buffer | undefined;
  private estimator: LeastDelay | undefined;
  /** The produce batch that is read, and its youngest record. */
  private batch: Appended | undefined;
  private timestamp = -1;
  private headers: ConsumedRecord['headers'] | undefined;

  constructor(find: FindEstimator, now: MonotonicClock) {
    this.find = find;
    this.now = now;
  }

  /** @param timestamp of the message, by the clock of its gateway. Records come in the order of the log; `end` after the last. */
  saw(batch: Appended | undefined, timestamp: number, headers: ConsumedRecord['headers']): void {
    if (batch !== this.batch) {
      this.end();
      this.batch = batch;
    }
    if (timestamp <= this.timestamp) return;
    this.timestamp = timestamp;
    this.headers = headers;
  }

  /** Takes the sample of the last batch, and keeps none of its records in memory. */
  end(): void {
    const { batch, headers, timestamp } = this;
    this.batch = undefined;
    this.headers = undefined;
    this.timestamp = -1;
    // A record of an earlier version has no name, and counts under no gateway.
    // The time of a replay is that of its first send, so it tells nothing of the clock now.
    const name = headers?.[HEADER.replayOf] === undefined ? headers?.[HEADER.instance] : undefined;
    if (batch !== undefined && name !== undefined) this.estimatorOf(name)?.add(timestamp - batch.at, this.now());
  }

  private estimatorOf(name: unknown): LeastDelay | undefined {
    const isKnown = this.name !== undefined && Buffer.isBuffer(name) && this.name.equals(name);
    if (isKnown) return this.estimator;
    // A copy: the header is a part of the whole answer of the broker, which would stay in memory.
    this.name = Buffer.isBuffer(name) && name.length <= KEPT_MAX_BYTES ? Buffer.from(name) : undefined;
    this.estimator = this.find(name);
    return this.estimator;
  }
}
