import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { DeadLetterState } from '@wiber/contracts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { byClockOf } from '../fence/lease.fence.ts';
import { LETTERS_BY_STATE, type DeadLetterDocument } from './dead-letter.schema.ts';

export interface PrunerPorts {
  writes: StoreWrites;
  /** With a write concern of majority. */
  collection: () => mongo.Collection<DeadLetterDocument>;
}

export interface PruneOptions {
  dlqTopic: string;
  /** Letters that ended before this time go. Integer milliseconds, by the clock of the caller. */
  endedBefore: number;
  /** How long a letter stays after its end, in milliseconds: none goes that ended later by MongoDB's clock. */
  keptMs: number;
  /** How many go at once, at most. */
  limit: number;
  /** Of the leader that deletes. */
  fence: LeaseFence;
}

/** The states in which nothing more can happen to a letter. */
const ENDED: DeadLetterState[] = ['replayed', 'discarded'];

/** The key, and the time by MongoDB's clock. */
const PLACE = { _id: 1, now: { $toLong: '$$NOW' } } as const;

const endedAt = (before: number) => ({
  state: { $in: ENDED },
  trail: { $not: { $elemMatch: { at: { $gte: before } } } },
});

/** Deletes dead letters from the list. Their records stay in the dead-letter topic. */
export class DeadLetterPruner {
  private readonly ports: PrunerPorts;

  constructor(ports: PrunerPorts) {
    this.ports = ports;
  }

  /**
   * Deletes letters that were replayed or discarded; none when the lease of the leader is over.
   * @returns how many @throws StoreUnavailableError: call it again
   */
  async prune({ dlqTopic, endedBefore, keptMs, limit, fence }: PruneOptions): Promise<number> {
    const { writes, collection } = this.ports;
    return writes.run(async (options) => {
      const old = await collection()
        .find({ 'dlq.topic': dlqTopic, ...endedAt(endedBefore) }, { projection: PLACE, hint: LETTERS_BY_STATE, limit })
        .toArray();
      if (old.length === 0) return 0;
      const now = Math.min(...(old as unknown as { now: number }[]).map((letter) => letter.now));
      const ids = old.map(({ _id }) => _id);
      // Nothing brings a letter back, so a clock that is ahead, the caller's or MongoDB's, must not decide alone.
      const isOld = endedAt(Math.min(endedBefore, now - keptMs));
      const { deletedCount } = await collection().deleteMany(
        { _id: { $in: ids }, ...isOld, ...byClockOf(fence) },
        options,
      );
      return deletedCount;
    });
  }
}
