import { delay } from '@wiber/resilience';
import type { LogLine } from '../client/log.line.ts';
import type { UnreadableBatchError } from '../kafka.errors.ts';
import type { ConsumedBatch } from './consumed.batch.ts';

/** How long a partition rests before its batch is fetched again, in milliseconds, and how often the rest looks for an end. */
const REST_MS = 10_000;
const LOOK_MS = 500;

const NEXT_STEP =
  'nothing behind it is stored until it can be read; the records stay in the log. Set compression.type of the topic to ' +
  'uncompressed for later ones. To give the batch up, delete its records up to the offset with kafka-delete-records';

/**
 * Partitions whose next batch can't be decoded. Such a partition rests, and is fetched and reported again after each rest.
 * The other partitions continue.
 */
export class UnreadableBatches {
  private readonly stop: AbortSignal;
  private readonly log: LogLine;
  private readonly resting = new Set<string>();

  constructor({ stop, log }: { stop: AbortSignal; log: LogLine }) {
    this.stop = stop;
    this.log = log;
  }

  get partitions(): number {
    return this.resting.size;
  }

  /** Resolves after one rest, or once the partition is lost or the consumer stops. */
  async wait(consumed: ConsumedBatch, error: UnreadableBatchError): Promise<void> {
    const { topic, partition, records } = consumed.batch;
    const name = `${topic}/${partition}`;
    this.log('error', `a batch of the log can't be read: ${NEXT_STEP}`, {
      topic,
      partition,
      lastOffset: records[0]?.offset,
      error,
    });
    this.resting.add(name);
    for (let rested = 0; rested < REST_MS && consumed.mayContinue && !this.stop.aborted; rested += LOOK_MS)
      await delay(LOOK_MS, this.stop);
    // The next fetch adds it again, unless it can be read by then.
    this.resting.delete(name);
  }
}
