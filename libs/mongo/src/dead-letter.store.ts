import type { mongo } from 'mongoose';
import {
  DEAD_LETTERS_COLLECTION,
  type DeadLetter,
  type DeadLetterState,
  type ListedReason,
  type LogPosition,
  type Message,
  type TrailEntry,
} from '@wiber/contracts';
import { endedBy } from './ended.by.ts';
import { DEAD_LETTER_INDEXES, LETTERS_BY_REASON, LETTERS_BY_STATE } from './dead-letter.indexes.ts';

/** A record's place in the log of any topic. */
export interface RecordPlace extends LogPosition {
  topic: string;
}

/** A record of the dead-letter topic, to be listed. Its place is where the record was first. */
export interface FailedRecord extends Omit<DeadLetter, 'reason'> {
  reason: ListedReason;
  /** Where it is in the dead-letter topic. */
  dlq: RecordPlace;
  key: Buffer | null;
  value: Buffer | null;
  /** The record's own. */
  headers: { name: string; value: Buffer }[];
}

/** What an operator decided to append, written before it is. */
export interface ReplayIntent {
  message: Message;
  mended: boolean;
  /** Where it is since; absent until it is acknowledged. */
  position?: LogPosition;
}

export interface ListedLetter extends FailedRecord {
  state: DeadLetterState;
  /** The whole length, though less may be kept. */
  valueBytes: number;
  replay?: ReplayIntent;
  trail: TrailEntry[];
}

export type LetterSummary = Omit<ListedLetter, 'key' | 'value' | 'headers' | 'replay' | 'trail'>;

/** A place between two letters of a list: its time, and its partition and offset in the dead-letter topic. */
export type LetterCursor = readonly [time: number, partition: number, offset: number];

export interface LetterPageRead {
  /** The dead-letter topic. */
  dlqTopic: string;
  states: readonly DeadLetterState[];
  reason: ListedReason | undefined;
  after: LetterCursor | undefined;
  limit: number;
  maxTimeMS: number;
}

/** What it needs of whoever owns the connection. */
export interface StoreAccess {
  readonly db: mongo.Db;
  /** @throws StoreUnavailableError for whatever MongoDB answers but a result */
  guard<T>(work: (givenUp: AbortSignal) => Promise<T>): Promise<T>;
}

type LetterDocument = ListedLetter & { _id: string; indexedAt: number };

/** MongoDB takes no document over 16 MiB, and no record may keep the list from going on. */
const KEPT = { value: 8 * 1024 * 1024, key: 1024 * 1024, headers: 1024 * 1024 };
/** What a header takes of a document beside its name and value, at most. */
const HEADER_BYTES = 64;
/** A change of state is decided on what is there now, whatever reads are set to elsewhere. */
const NOW = { readPreference: 'primary', promoteBuffers: true } as const;
/** A state that a failover takes back would be decided on twice, whatever messages are written with. */
const SURE = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

/** The dead letters that operators see: what the dead-letter topic holds, each once, and what was done to it. */
export class DeadLetterStore {
  private readonly access: StoreAccess;

  constructor(access: StoreAccess) {
    this.access = access;
  }

  /** Makes the indexes. */
  async open(): Promise<void> {
    await this.access.guard(() => this.letters.createIndexes(DEAD_LETTER_INDEXES));
  }

  /**
   * Lists them, each once: the topic may hold one twice, and it may be read again. What is listed stays as it is.
   * @throws StoreUnavailableError when any may be missing: list the same again
   */
  async list(records: readonly FailedRecord[]): Promise<void> {
    if (records.length === 0) return;
    const indexedAt = Date.now();
    const operations = records.map((record) => {
      const document = { ...bounded(record), state: 'waiting' as const, trail: [], indexedAt };
      return { updateOne: { filter: { _id: keyOf(record) }, update: { $setOnInsert: document }, upsert: true } };
    });
    await this.access.guard((givenUp) => this.letters.bulkWrite(operations, { ordered: false, ...endedBy(givenUp) }));
  }

  /** Newest first. */
  async page(read: LetterPageRead): Promise<LetterSummary[]> {
    const { dlqTopic, states, reason, after, limit, maxTimeMS } = read;
    const filter = {
      'dlq.topic': dlqTopic,
      state: { $in: [...states] },
      ...(reason ? { reason } : {}),
      ...(after ? beyond(after) : {}),
    };
    const sort = { time: -1, 'dlq.partition': -1, 'dlq.offset': -1 } as const;
    const projection = { key: 0, value: 0, headers: 0, replay: 0, trail: 0 };
    const hint = reason ? LETTERS_BY_REASON : LETTERS_BY_STATE;
    const options = { ...NOW, sort, projection, hint, limit, maxTimeMS };
    return this.access.guard(() => this.letters.find<LetterSummary>(filter, options).toArray());
  }

  /**
   * What every later reader will see too: a state that a failover may take back is not acted on.
   * @throws StoreUnavailableError when the primary can't tell within `maxTimeMS`
   */
  async find(place: RecordPlace, maxTimeMS: number): Promise<ListedLetter | null> {
    const options = { ...NOW, readConcern: { level: 'linearizable' }, maxTimeMS } as const;
    return this.access.guard(() => this.letters.findOne({ _id: keyOf(place) }, options));
  }

  /** Writes what is going to be appended; null when the letter does not wait any more. */
  async claim(place: RecordPlace, replay: ReplayIntent, entry: TrailEntry): Promise<ListedLetter | null> {
    return this.change(
      { _id: keyOf(place), state: 'waiting' },
      { $set: { state: 'replaying', replay }, $push: { trail: entry } },
    );
  }

  /** Notes that the log has it; null when that is noted already. */
  async finish(place: RecordPlace, position: LogPosition, entry: TrailEntry): Promise<ListedLetter | null> {
    const update = { $set: { state: 'replayed' as const, 'replay.position': position }, $push: { trail: entry } };
    return this.change({ _id: keyOf(place), state: 'replaying' }, update);
  }

  /** null when the letter does not wait any more. */
  async discard(place: RecordPlace, entry: TrailEntry): Promise<ListedLetter | null> {
    return this.change(
      { _id: keyOf(place), state: 'waiting' },
      { $set: { state: 'discarded' }, $push: { trail: entry } },
    );
  }

  private change(
    filter: mongo.Filter<LetterDocument>,
    update: mongo.UpdateFilter<LetterDocument>,
  ): Promise<ListedLetter | null> {
    const options = { returnDocument: 'after', promoteBuffers: true } as const;
    return this.access.guard((givenUp) =>
      this.letters.findOneAndUpdate(filter, update, { ...options, ...endedBy(givenUp) }),
    );
  }

  private get letters(): mongo.Collection<LetterDocument> {
    return this.access.db.collection<LetterDocument>(DEAD_LETTERS_COLLECTION, SURE);
  }
}

/** A topic's name holds no colon, so no two places share it. */
const keyOf = ({ topic, partition, offset }: RecordPlace): string => `${topic}:${partition}:${offset}`;

const bounded = ({ key, value, headers, ...rest }: FailedRecord) => {
  let bytes = 0;
  const kept = headers.filter(
    ({ name, value: of }) => (bytes += name.length + of.length + HEADER_BYTES) <= KEPT.headers,
  );
  return {
    ...rest,
    key: key && key.subarray(0, KEPT.key),
    value: value && value.subarray(0, KEPT.value),
    valueBytes: value?.length ?? 0,
    headers: kept,
  };
};

/** What comes after a place in the list: three fields compared one by one, as the index orders them. */
const beyond = ([time, partition, offset]: LetterCursor) => ({
  time: { $lte: time },
  $or: [
    { time: { $lt: time } },
    { time, 'dlq.partition': { $lt: partition } },
    { time, 'dlq.partition': partition, 'dlq.offset': { $lt: offset } },
  ],
});
