import type { mongo } from 'mongoose';
import type { DeadLetterState, ListedReason, TopicPosition } from '@wiber/contracts';
import type { StoreReads } from '../connection/store.reads.ts';
import { LETTERS_BY_REASON, LETTERS_BY_STATE, type DeadLetterDocument } from './dead-letter.schema.ts';
import { letterKeyOf, type LetterCursor, type LetterSummary, type ListedLetter } from './listed.letter.ts';

export interface LetterPageQuery {
  /** The dead-letter topic. */
  dlqTopic: string;
  states: readonly DeadLetterState[];
  reason: ListedReason | undefined;
  after: LetterCursor | undefined;
  limit: number;
  withinMs: number;
}

/** Always the primary, whatever reads of messages are set to: a state is changed on the strength of these reads. */
const CURRENT = { readPreference: 'primary', promoteBuffers: true } as const;
const SUMMARY = { key: 0, value: 0, headers: 0, replay: 0, trail: 0 } as const;

/** The dead letters as operators see them: each record of the dead-letter topic once, and what was done to it. */
export class DeadLetterReader {
  private readonly reads: StoreReads;
  private readonly collection: () => mongo.Collection<DeadLetterDocument>;

  constructor(reads: StoreReads, collection: () => mongo.Collection<DeadLetterDocument>) {
    this.reads = reads;
    this.collection = collection;
  }

  /** Newest first. @throws StoreUnavailableError */
  async page({ dlqTopic, states, reason, after, limit, withinMs }: LetterPageQuery): Promise<LetterSummary[]> {
    const filter = {
      'dlq.topic': dlqTopic,
      state: { $in: [...states] },
      ...(reason ? { reason } : {}),
      ...(after ? behind(after) : {}),
    };
    const sort = { time: -1, 'dlq.partition': -1, 'dlq.offset': -1 } as const;
    const hint = reason ? LETTERS_BY_REASON : LETTERS_BY_STATE;
    const options = { ...CURRENT, sort, projection: SUMMARY, hint, limit, maxTimeMS: withinMs };
    return this.reads.runOnPrimary(() => this.collection().find<LetterSummary>(filter, options).toArray(), withinMs);
  }

  /**
   * Reads a state that no failover takes back, because callers act on it.
   * @throws StoreUnavailableError when the primary can't confirm it within `withinMs`
   */
  async find(place: TopicPosition, withinMs: number): Promise<ListedLetter | null> {
    const options = { ...CURRENT, readConcern: { level: 'linearizable' }, maxTimeMS: withinMs } as const;
    return this.reads.runOnPrimary(() => this.collection().findOne({ _id: letterKeyOf(place) }, options), withinMs);
  }
}

/** Everything behind a letter in the list: three fields, compared one after the other as the index orders them. */
const behind = ([time, partition, offset]: LetterCursor) => ({
  time: { $lte: time },
  $or: [
    { time: { $lt: time } },
    { time, 'dlq.partition': { $lt: partition } },
    { time, 'dlq.partition': partition, 'dlq.offset': { $lt: offset } },
  ],
});
