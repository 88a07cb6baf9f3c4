import { judgedRanges } from './evidence/audit.ranges.ts';
import { readDeadLetters } from './evidence/dead-letter.reader.ts';
import { LogReader } from './evidence/log.reader.ts';
import { StoreReader } from './evidence/store.reader.ts';
import { findStrangers } from './evidence/stranger.search.ts';
import type { LiveSystem } from './live.system.ts';
import { Findings } from './merge/findings.ts';
import { PartitionMerge, type MergeCounts } from './merge/partition.merge.ts';
import { ConversationHomes } from './spill/conversation.homes.ts';

export interface AuditedPartition extends MergeCounts {
  partition: number;
  from: number;
  to: number;
}

export interface Audit {
  system: Pick<LiveSystem, 'topic' | 'groupId' | 'database' | 'collection'>;
  partitions: AuditedPartition[];
  deadLetters: { read: number; repeats: number; lost: number };
  findings: Findings;
  seconds: number;
}

/** Ids that two documents have: at most so many are named. */
const DOUBLED_LIMIT = 1000;

/** Everything below the committed offsets, against what is stored and dead-lettered: one pass, beside a system at work. */
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

const audit = async (system: LiveSystem, { log, store }: Readers): Promise<Audit> => {
  const began = performance.now();
  const { topic, groupId, database, collection } = system;
  const findings = new Findings();
  const found = findings.add.bind(findings);
  const { ranges, bounds } = await judgedRanges(log, system);
  const letters = await readDeadLetters(log, topic, found);
  const homes = new ConversationHomes();
  try {
    await findStrangers(bounds, { topic, log, store, letters: letters.index, found });
    const merges = ranges.map(
      (range) =>
        new PartitionMerge(
          { topic, ...range },
          {
            documents: store.pages(range),
            letters: letters.index.lettersOf(range),
            withIds: (ids) => store.withIds(ids),
            homeOf: (conversationId, partition) => homes.homeOf(conversationId, partition),
            found,
          },
        ),
    );
    await log.read(topic, ranges, async ({ partition, records, cutTo }) => {
      if (cutTo !== undefined) await merges[partition]?.cut(cutTo);
      await merges[partition]?.take(records);
    });
    for (const merge of merges) await merge.finish();
    for (const { messageId, partition, offset, other } of await store.doubledIds(DOUBLED_LIMIT))
      found({ kind: 'doubled', topic, partition, offset, messageId, detail: `is stored at ${other} too` });
    return {
      system: { topic, groupId, database, collection },
      partitions: merges.map(({ range: { partition, from, to }, counts }) => ({ partition, from, to, ...counts })),
      deadLetters: { read: letters.read, repeats: letters.index.repeats, lost: letters.lost },
      findings,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    homes.close();
    letters.index.close();
  }
};
