import type { LeastDelay } from '@wiber/resilience';

/** A longer header is no name of a gateway, so it is looked up each time instead of kept. */
const KEPT_MAX_BYTES = 100;

/** Finds the estimator of a header; undefined when none may be made any more. */
export type FindEstimator = (header: unknown) => LeastDelay | undefined;

/**
 * The gateways that wrote into one partition. All records of a produce batch are of one gateway, so mostly the header is
 * the one of the record before, and nothing is allocated or looked up.
 */
export class PartitionClocks {
  private readonly find: FindEstimator;
  private header: Buffer | undefined;
  private estimator: LeastDelay | undefined;

  constructor(find: FindEstimator) {
    this.find = find;
  }

  /**
   * @param header the value of HEADER.instance; a record without it counts under no gateway
   * @param leadMs the message's timestamp minus the time at which the broker appended its record
   * @param now by a monotonic clock
   */
  add(header: unknown, leadMs: number, now: number): void {
    if (header === undefined) return;
    if (this.header === undefined || !Buffer.isBuffer(header) || !this.header.equals(header)) this.turnTo(header);
    this.estimator?.add(leadMs, now);
  }

  private turnTo(header: unknown): void {
    // A copy: the header is a part of the whole answer of the broker, which would stay in memory.
    this.header = Buffer.isBuffer(header) && header.length <= KEPT_MAX_BYTES ? Buffer.from(header) : undefined;
    this.estimator = this.find(header);
  }
}
