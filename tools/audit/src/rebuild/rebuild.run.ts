import { decodeMessage, toStored, type StoredMessage } from '@wiber/contracts';
import { LogReader, StoreEditor, StoreReader, type LogRange, type RecordBatch, type StoreNames } from '@wiber/evidence';
import { Store, type MessageWriter } from '@wiber/mongo';
import { readCommittedRanges } from '../evidence/committed.ranges.ts';
import { loadDeadLetters } from '../evidence/dead-letter.loader.ts';
import type { IndexedLetter } from '../merge/merge.ports.ts';
import type { LiveSystem } from '../live.system.ts';
import { CollectionComparison } from './collection.comparison.ts';
import { claimTarget, targetOf, type TargetOptions } from './rebuild.target.ts';

export interface Rebuild {
  system: Pick<LiveSystem, 'topic' | 'groupId' | 'database' | 'collection'>;
  to: StoreNames;
  ranges: LogRange[];
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
  /** Records that cannot be stored and that no dead letter names. */
  poison: number;
}

/** Stores the log again in another place, up to the committed offsets, and compares it with the live collection. */
export const runRebuild = async (system: LiveSystem, options: TargetOptions): Promise<Rebuild> => {
  const to = targetOf(system, options);
  const log = await LogReader.open(system.brokers);
  const live = await StoreReader.open(system.mongoUri, system);
  const copy = await StoreReader.open(system.mongoUri, to);
  const editor = await StoreEditor.open(system.mongoUri, to);
  try {
    const committed = await readCommittedRanges(log, system);
    await claimTarget(to, copy, { target: options.target, editor });
    const result = await rebuild(system, to, { log, live, copy, ranges: committed.ranges });
    await editor.markAsRebuild({ messages: result.counts.stored });
    return result;
  } finally {
    await Promise.all([log.close(), live.close(), copy.close(), editor.close()]);
  }
};

interface Readers {
  log: LogReader;
  live: StoreReader;
  copy: StoreReader;
  ranges: LogRange[];
}

const rebuild = async (system: LiveSystem, to: StoreNames, { log, live, copy, ranges }: Readers): Promise<Rebuild> => {
  const began = performance.now();
  const { topic, groupId, database, collection } = system;
  // Only the audit reports records that are no dead letter.
  const letters = await loadDeadLetters(log, topic, () => undefined);
  const store = Store.connect({
    uri: system.mongoUri,
    ...to,
    shardKey: system.shardKey,
    serverSelectionMs: 10_000,
    appName: 'wiber-rebuild',
  });
  try {
    await store.open();
    const refill = new Refill(store.messageWriter());
    const walks = ranges.map((range) => new LetterWalk(letters.index.lettersOf(range)));
    await log.read(topic, ranges, async (batch) => {
      const range = ranges[batch.partition];
      if (range && batch.cutTo !== undefined) range.from = Math.max(range.from, batch.cutTo);
      await refill.take(batch, (offset) => walks[batch.partition]?.advanceTo(offset) ?? false);
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

/** What a rebuilt document says of who stored it. */
const REBUILD = 'rebuild';

/** Stores records by the rules of ingest. Dead-lettered records are left out, as ingest left them out. */
class Refill {
  readonly counts: RebuildCounts = { stored: 0, repeats: 0, deadLettered: 0, poison: 0 };
  private readonly writer: MessageWriter;

  constructor(writer: MessageWriter) {
    this.writer = writer;
  }

  async take({ partition, records }: RecordBatch, isDead: (offset: number) => boolean): Promise<void> {
    const now = Date.now();
    const storing = { takenAt: now, storedAt: now, storedBy: REBUILD };
    const messages: StoredMessage[] = [];
    for (const { offset, value } of records) {
      const decoded = decodeMessage(value);
      if (isDead(offset)) this.counts.deadLettered += 1;
      else if (decoded.ok) messages.push(toStored(decoded.message, { partition, offset }, storing));
      else this.counts.poison += 1;
    }
    const { stored, alreadyStored, refused } = await this.writer.store(messages);
    this.counts.stored += stored;
    this.counts.repeats += alreadyStored;
    this.counts.poison += refused.length;
  }
}

/** Walks the dead letters of a partition in step with its records. */
class LetterWalk {
  private readonly letters: Iterator<IndexedLetter, undefined>;
  private next: IndexedLetter | undefined;

  constructor(letters: Iterator<IndexedLetter, undefined>) {
    this.letters = letters;
    this.next = letters.next().value;
  }

  /** Whether the record at an offset is dead-lettered. Call it with growing offsets. */
  advanceTo(offset: number): boolean {
    while (this.next && this.next.offset < offset) this.next = this.letters.next().value;
    return this.next?.offset === offset;
  }
}
