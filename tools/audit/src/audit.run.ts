import { LogReader, StoreReader, type DeadLetterTotals, type LogRange } from '@wiber/evidence';
import { ConversationHomes } from './disk-index/conversation.homes.ts';
import { readCommittedRanges } from './evidence/committed.ranges.ts';
import { loadDeadLetters, type IndexedDeadLetters } from './evidence/dead-letter.loader.ts';
import { reportUnmatched } from './evidence/unmatched.documents.ts';
import { ActivityJudge } from './merge/activity.judge.ts';
import { Findings, type ReportFinding } from './merge/findings.ts';
import type { MergeCounts } from './merge/merge.ports.ts';
import { PartitionMerge } from './merge/partition.merge.ts';
import type { LiveSystem } from './live.system.ts';

export interface AuditedPartition extends MergeCounts, LogRange {}

export interface Audit {
  system: Pick<LiveSystem, 'topic' | 'groupId' | 'database' | 'collection'>;
  partitions: AuditedPartition[];
  deadLetters: DeadLetterTotals & { repeats: number };
  findings: Findings;
  seconds: number;
}

/** At most so many ids that two documents share are reported. */
const DOUBLED_LIMIT = 1000;

/** Compares everything below the committed offsets with the store and the dead letters, in one pass, while the system runs. */
export const runAudit = async (system: LiveSystem): Promise<Audit> => {
  const log = await LogReader.open(system.brokers);
  try {
    const store = await StoreReader.open(system.mongoUri, system);
    try {
      return await audit(system, { log, store });
    } finally {
      await store.close();
    }
  } finally {
    await log.close();
  }
};

interface Readers {
  log: LogReader;
  store: StoreReader;
}

const audit = async (system: LiveSystem, readers: Readers): Promise<Audit> => {
  const began = performance.now();
  const { topic, groupId, database, collection } = system;
  const findings = new Findings();
  const { ranges, bounds, cuts } = await readCommittedRanges(readers.log, system);
  const report: ReportFinding = (finding) => findings.add(finding);
  for (const { partition, from, to } of cuts) {
    const detail = `the log lost ${to - from} records from here on before ingest read them`;
    report({ kind: 'cut', topic, partition, offset: from, detail });
  }
  const letters = await loadDeadLetters(readers.log, topic, report);
  try {
    await reportUnmatched(bounds, { topic, ...readers, letters: letters.index, report });
    const partitions = await mergeAll({ topic, ranges, readers, letters, findings });
    for (const { other, ...doubled } of await readers.store.doubledIds(DOUBLED_LIMIT))
      findings.add({ kind: 'doubled', topic, ...doubled, detail: `is stored at ${other} too` });
    return {
      system: { topic, groupId, database, collection },
      partitions,
      deadLetters: { read: letters.read, repeats: letters.index.repeats, lost: letters.lost },
      findings,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    letters.index.close();
  }
};

interface MergeAllOptions {
  topic: string;
  ranges: LogRange[];
  readers: Readers;
  letters: IndexedDeadLetters;
  findings: Findings;
}

/** All partitions in one reading of the log. */
const mergeAll = async (options: MergeAllOptions): Promise<AuditedPartition[]> => {
  const { topic, ranges, readers, letters, findings } = options;
  const homes = new ConversationHomes();
  const report: ReportFinding = (finding) => findings.add(finding);
  const activity = new ActivityJudge({
    topic,
    missingActivity: (keys) => readers.store.missingActivity(keys),
    report,
  });
  try {
    const merges = ranges.map(
      (range) =>
        new PartitionMerge(
          { topic, ...range },
          {
            documents: readers.store.pages(range),
            letters: letters.index.lettersOf(range),
            withIds: (ids) => readers.store.withIds(ids),
            homeOf: (conversationId, partition) => homes.homeOf(conversationId, partition),
            addStored: (message) => activity.add(message),
            report,
          },
        ),
    );
    await readers.log.read(topic, ranges, async ({ partition, records, cutTo }) => {
      if (cutTo !== undefined) await merges[partition]?.cut(cutTo);
      await merges[partition]?.take(records);
      if (activity.isFull) await activity.settle();
    });
    for (const merge of merges) await merge.end();
    await activity.settle();
    return merges.map(({ range: { partition, from, to }, counts }) => ({ partition, from, to, ...counts }));
  } finally {
    homes.close();
  }
};
