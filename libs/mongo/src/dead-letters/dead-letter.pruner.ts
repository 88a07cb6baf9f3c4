import type { mongo } from 'mongoose';
import type { DeadLetterState } from '@wiber/contracts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { LETTERS_BY_STATE, type DeadLetterDocument } from './dead-letter.schema.ts';

export interface PrunerPorts {
  writes: StoreWrites;
  /** With a write concern of majority. */
  collection: () => mongo.Collection<DeadLetterDocument>;
}

export interface PruneOptions {
  dlqTopic: string;
  /** Letters that ended before this time go. Integer milliseconds. */
  endedBefore: number;
  /** How many go at once, at most. */
  limit: number;
}

/** The states in which nothing more can happen to a letter. */
const ENDED: DeadLetterState[] = ['replayed', 'discarded'];

/** Deletes dead letters from the list. Their records stay in the dead-letter topic. */
export class DeadLetterPruner {
  private readonly ports: PrunerPorts;

  constructor(ports: PrunerPorts) {
    this.ports = ports;
  }

  /** Deletes letters that were replayed or discarded. @returns how many. @throws StoreUnavailableError: call it again */
  async prune({ dlqTopic, endedBefore, limit }: PruneOptions): Promise<number> {
    const { writes, collection } = this.ports;
    return writes.run(async (options) => {
      const isOld = { state: { $in: ENDED }, trail: { $not: { $elemMatch: { at: { $gte: endedBefore } } } } };
      const old = await collection()
        .find({ 'dlq.topic': dlqTopic, ...isOld }, { projection: { _id: 1 }, hint: LETTERS_BY_STATE, limit })
        .toArray();
      if (old.length === 0) return 0;
      const ids = old.map(({ _id }) => _id);
      const { deletedCount } = await collection().deleteMany({ _id: { $in: ids }, ...isOld }, options);
      return deletedCount;
    });
  }
}
