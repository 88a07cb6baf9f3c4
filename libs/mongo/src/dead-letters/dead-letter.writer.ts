import type { mongo } from 'mongoose';
import { type LogPosition, type TrailEntry, type TopicPosition, wallNow } from '@wiber/contracts';
import type { StoreWrites } from '../connection/store.writes.ts';
import type { DeadLetterDocument } from './dead-letter.schema.ts';
import { letterKeyOf, type FailedRecord, type ListedLetter, type ReplayIntent } from './listed.letter.ts';
import { readableLetter } from './readable.letter.ts';

export interface LetterWriterPorts {
  writes: StoreWrites;
  /** With a write concern of majority. */
  collection: () => mongo.Collection<DeadLetterDocument>;
}

/** MongoDB refuses a document over 16 MiB, and no record may keep the list from going on. Bytes that are kept. */
const KEPT = { value: 8 * 1024 * 1024, key: 1024 * 1024, headers: 1024 * 1024 };
/** Bytes that a header takes in a document besides its name and value, at most. */
const HEADER_BYTES = 64;
/** How long a change of state may wait for a majority, in milliseconds. */
const CHANGE_MS = 5250;

/** Lists dead letters and changes their state. A letter goes from waiting to one of its ends and never back. */
export class DeadLetterWriter {
  private readonly ports: LetterWriterPorts;

  constructor(ports: LetterWriterPorts) {
    this.ports = ports;
  }

  /**
   * Lists records, each once: the topic may hold one twice, and may be read again. A letter that is listed already stays
   * as it is.
   * @throws StoreUnavailableError when some may be missing: list the same again
   */
  async list(records: readonly FailedRecord[]): Promise<void> {
    if (records.length === 0) return;
    const indexedAt = wallNow();
    const operations = records.map((record) => {
      const document = { ...bounded(record), state: 'waiting' as const, trail: [], indexedAt };
      return { updateOne: { filter: { _id: letterKeyOf(record) }, update: { $setOnInsert: document }, upsert: true } };
    });
    const { writes, collection } = this.ports;
    await writes.run((options) => collection().bulkWrite(operations, { ...options, ordered: false }));
  }

  /** Writes what is going to be appended; null when the letter is not waiting. @throws StoreUnavailableError */
  async claim(place: TopicPosition, replay: ReplayIntent, entry: TrailEntry): Promise<ListedLetter | null> {
    return this.change(
      { _id: letterKeyOf(place), state: 'waiting' },
      { $set: { state: 'replaying', replay }, $push: { trail: entry } },
    );
  }

  /** Writes that the log has it; null when that is written already. @throws StoreUnavailableError */
  async complete(place: TopicPosition, position: LogPosition, entry: TrailEntry): Promise<ListedLetter | null> {
    const update = { $set: { state: 'replayed' as const, 'replay.position': position }, $push: { trail: entry } };
    return this.change({ _id: letterKeyOf(place), state: 'replaying' }, update);
  }

  /** null when the letter is not waiting. @throws StoreUnavailableError */
  async discard(place: TopicPosition, entry: TrailEntry): Promise<ListedLetter | null> {
    return this.change(
      { _id: letterKeyOf(place), state: 'waiting' },
      { $set: { state: 'discarded' }, $push: { trail: entry } },
    );
  }

  private async change(
    filter: mongo.Filter<DeadLetterDocument>,
    update: mongo.UpdateFilter<DeadLetterDocument>,
  ): Promise<ListedLetter | null> {
    const { writes, collection } = this.ports;
    const result = { returnDocument: 'after', promoteBuffers: true } as const;
    const write = (options: mongo.BulkWriteOptions) =>
      collection().findOneAndUpdate(filter, update, { ...options, ...result });
    const changed = await writes.run(write, CHANGE_MS);
    return changed && readableLetter(changed);
  }
}

const bounded = ({ key, value, headers, ...rest }: FailedRecord) => {
  let bytes = 0;
  const kept = headers.filter(
    (header) => (bytes += header.name.length + header.value.length + HEADER_BYTES) <= KEPT.headers,
  );
  return {
    ...rest,
    key: key && key.subarray(0, KEPT.key),
    value: value && value.subarray(0, KEPT.value),
    valueBytes: value?.length ?? 0,
    headers: kept,
  };
};
