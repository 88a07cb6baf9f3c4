import { decodeMessage, toStored, type StoredMessage } from '@wiber/contracts';
import { MessageStore } from '@wiber/mongo';
import { CannotTellError } from '../audit.errors.ts';
import { judgedRanges } from '../evidence/audit.ranges.ts';
import { readDeadLetters } from '../evidence/dead-letter.reader.ts';
import { LogReader, type Range, type RecordBatch } from '../evidence/log.reader.ts';
import { StoreReader } from '../evidence/store.reader.ts';
import type { LiveSystem } from '../live.system.ts';
import type { LetterOf } from '../merge/partition.merge.ts';
import { CollectionComparison } from './collection.comparison.ts';

export interface RebuildOptions {
  to: string;
  /** What becomes of a target that holds something. */
  target: { type: 'must-be-empty' } | { type: 'replace' };
}

export interface Rebuild {
  system: Pick<LiveSystem, 'topic' | 'groupId' | 'database' | 'collection'>;
  to: string;
  ranges: Range[];
  counts: RebuildCounts;
  hashes: { live: string; rebuilt: string };
  differences: number;
  first: string | undefined;
  knownBefore: number;
  seconds: number;
}

export interface RebuildCounts {
  stored: number;
  repeats: number;
  deadLettered: number;
  /** Records that can't be stored and that no dead letter names. */
  poison: number;
}

/** What MongoDB takes as the name of a database, and not one of its own. */
const DATABASE_NAME = /^(?!(?:admin|local|config)$)[^/\\. "$*<>:|?\0]{1,63}$/i;

/** Stores the log again beside the live collection, up to the committed offsets, and lays both beside each other. */
export const runRebuild = async (system: LiveSystem, options: RebuildOptions): Promise<Rebuild> => {
  const { to } = options;
  if (!DATABASE_NAME.test(to)) throw new CannotTellError('usage', `--to '${to}' is no name of a database`);
  // MongoDB takes no two names that differ in their case only.
  if (to.toLowerCase() === system.database.toLowerCase())
    throw new CannotTellError('target_refused', `${to} is the live database; --to names another one`);
  const log = await LogReader.open(system.brokers);
  const live = await StoreReader.open(system.mongoUri, system);
  const copy = await StoreReader.open(system.mongoUri, { database: to, collection: system.collection });
  try {
    await clear(copy, options);
    return await rebuild(system, options, { log, live, copy });
  } finally {
    await Promise.all([log.close(), live.close(), copy.close()]);
  }
};

const clear = async (copy: StoreReader, { to, target }: RebuildOptions): Promise<void> => {
  if (target.type === 'replace') return copy.drop();
  if (await copy.holdsAny())
    throw new CannotTellError('target_refused', `${to} holds messages already; --replace drops them first`);
};

interface Readers {
  log: LogReader;
  live: StoreReader;
  copy: StoreReader;
}

const rebuild = async (system: LiveSystem, { to }: RebuildOptions, { log, live, copy }: Readers): Promise<Rebuild> => {
  const began = performance.now();
  const { topic, groupId, database, collection } = system;
  const { ranges } = await judgedRanges(log, system);
  // What the dead-letter topic holds besides is the audit's to name.
  const letters = await readDeadLetters(log, topic, () => undefined);
  const store = new MessageStore({
    uri: system.mongoUri,
    database: to,
    collection,
    serverSelectionMs: 10_000,
    appName: 'wiber-rebuild',
  });
  try {
    await store.open();
    const refill = new Refill(store);
    const walks = ranges.map((range) => new LetterWalk(letters.index.lettersOf(range)));
    await log.read(topic, ranges, async (batch) => {
      const range = ranges[batch.partition];
      if (range && batch.cutTo !== undefined) range.from = Math.max(range.from, batch.cutTo);
      await refill.take(batch, (offset) => walks[batch.partition]?.passTo(offset) ?? false);
    });
    const comparison = new CollectionComparison();
    for (const range of ranges)
      await comparison.compare(
        { topic, ...range },
        { pages: live.pages(range), withIds: (ids) => live.withIds(ids) },
        { pages: copy.pages(range), withIds: (ids) => copy.withIds(ids) },
      );
    return {
      system: { topic, groupId, database, collection },
      to,
      ranges,
      counts: refill.counts,
      hashes: comparison.digests(),
      differences: comparison.differences,
      first: comparison.first,
      knownBefore: comparison.knownBefore,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await store.close();
    letters.index.close();
  }
};

/** Stores records by ingest's own rules; what is dead-lettered stays out, as it did there. */
class Refill {
  readonly counts: RebuildCounts = { stored: 0, repeats: 0, deadLettered: 0, poison: 0 };
  private readonly store: MessageStore;

  constructor(store: MessageStore) {
    this.store = store;
  }

  async take({ partition, records }: RecordBatch, isDead: (offset: number) => boolean): Promise<void> {
    const storedAt = Date.now();
    const messages: StoredMessage[] = [];
    for (const { offset, value } of records) {
      const decoded = decodeMessage(value);
      if (isDead(offset)) this.counts.deadLettered += 1;
      else if (decoded.ok) messages.push(toStored(decoded.message, { partition, offset }, storedAt));
      else this.counts.poison += 1;
    }
    const { stored, alreadyStored, refused } = await this.store.store(messages);
    this.counts.stored += stored;
    this.counts.repeats += alreadyStored;
    this.counts.poison += refused.length;
  }
}

/** Goes along the dead letters of a partition beside its records. */
class LetterWalk {
  private readonly letters: Iterator<LetterOf, undefined>;
  private next: LetterOf | undefined;

  constructor(letters: Iterator<LetterOf, undefined>) {
    this.letters = letters;
    this.next = letters.next().value;
  }

  /** Whether the record at an offset is dead-lettered; offsets only grow. */
  passTo(offset: number): boolean {
    while (this.next && this.next.offset < offset) this.next = this.letters.next().value;
    return this.next?.offset === offset;
  }
}
