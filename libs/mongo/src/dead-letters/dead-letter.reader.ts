import type { mongo } from 'mongoose';
import type { DeadLetterState, ListedReason, TopicPosition } from '@wiber/contracts';
import type { StoreReads } from '../connection/store.reads.ts';
import { LETTERS_BY_REASON, LETTERS_BY_STATE, type DeadLetterDocument } from './dead-letter.schema.ts';
import {
  letterKeyOf,
  type LetterCursor,
  type LetterSummary,
  type ListedLetter,
  type ListedRecord,
} from './listed.letter.ts';
import { readableLetter, readableSummary } from './readable.letter.ts';

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
      // A document without such a place in the list has none that a cursor could name.
      time: { $gte: 0, $lte: after?.[0] ?? Number.MAX_SAFE_INTEGER },
      'dlq.partition': { $gte: 0 },
      'dlq.offset': { $gte: 0 },
      ...(after ? behind(after) : {}),
    };
    const sort = { time: -1, 'dlq.partition': -1, 'dlq.offset': -1 } as const;
    const hint = reason ? LETTERS_BY_REASON : LETTERS_BY_STATE;
    const options = { ...CURRENT, sort, projection: SUMMARY, hint, limit, maxTimeMS: withinMs };
    const read = () => this.collection().find<LetterSummary>(filter, options).toArray();
    return (await this.reads.runOnPrimary(read, withinMs)).map((letter) => readableSummary(letter));
  }

  /**
   * Reads a state that no failover takes back, because callers act on it.
   * @throws StoreUnavailableError when the primary can't confirm it within `withinMs`
   */
  async find(place: TopicPosition, withinMs: number): Promise<ListedLetter | null> {
    const options = { ...CURRENT, readConcern: { level: 'linearizable' }, maxTimeMS: withinMs } as const;
    const read = () => this.collection().findOne({ _id: letterKeyOf(place) }, options);
    const found = await this.reads.runOnPrimary(read, withinMs);
    return found && readableLetter(found);
  }

  /** The letters that are listed for records at these places. @throws StoreUnavailableError */
  async listedAt(places: readonly TopicPosition[], withinMs: number): Promise<ListedRecord[]> {
    const filter = { _id: { $in: places.map(letterKeyOf) } };
    const projection = { _id: 0, topic: 1, partition: 1, offset: 1, value: 1, headers: 1 };
    const options = { ...CURRENT, projection, maxTimeMS: withinMs };
    return this.reads.runOnPrimary(() => this.collection().find<ListedRecord>(filter, options).toArray(), withinMs);
  }
}

/** Everything behind a letter in the list, with a time that is not later: three fields, compared one after the other as the index orders them. */
const behind = ([time, partition, offset]: LetterCursor) => ({
  $or: [
    { time: { $lt: time } },
    { time, 'dlq.partition': { $lt: partition } },
    { time, 'dlq.partition': partition, 'dlq.offset': { $lt: offset } },
  ],
});
