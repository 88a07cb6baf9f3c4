import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import type { LogRecord, StoredDocument } from '@wiber/evidence';
import { Findings } from './findings.ts';
import type { IndexedLetter, MergeCounts } from './merge.ports.ts';
import { PartitionMerge } from './partition.merge.ts';

// For specs: a log in memory, with the store and the dead letters that belong to it.

export const TOPIC = 'wiber.messages';
export const PARTITION = 2;
export const FROM = 100;

/** What the log has at one offset. */
export type Entry = 'message' | 'repeat' | 'poison' | 'conflict' | 'nothing';

export interface World {
  records: LogRecord[];
  documents: StoredMessage[];
  letters: IndexedLetter[];
  to: number;
  homes: Map<string, number>;
  expected: MergeCounts;
}

export const idOf = (index: number): string => `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
export const messageOf = (index: number, given: Partial<Message> = {}): Message => ({
  messageId: idOf(index),
  fromUser: `user${index % 5}`,
  toUser: 'hub',
  content: `message ${index} "é" 🦊`,
  timestamp: 1_700_000_000_000 + index,
  lamport: index,
  ...given,
});

export const worldOf = (entries: Entry[]): World => {
  const world: World = {
    records: [],
    documents: [],
    letters: [],
    to: FROM + entries.length,
    homes: new Map(),
    expected: { stored: 0, deadLettered: 0, repeats: 0, gaps: 0, absent: 0, cut: 0 },
  };
  const { expected } = world;
  const sent: Message[] = [];
  for (const [index, entry] of entries.entries()) {
    const offset = FROM + index;
    const earlier = sent[index % Math.max(1, sent.length)];
    const append = (value: Buffer) => world.records.push({ offset, timestamp: 0, key: null, value });
    const deadLetter = () => {
      expected.deadLettered += 1;
      world.letters.push({ offset, matches: () => true });
    };
    if (entry === 'nothing') expected.absent += 1;
    else if (entry === 'poison') {
      append(Buffer.from(`{ not JSON ${index}`));
      deadLetter();
    } else if (entry === 'conflict' && earlier) {
      append(Buffer.from(JSON.stringify({ ...earlier, content: 'another body' })));
      deadLetter();
    } else if (entry === 'repeat' && earlier) {
      append(Buffer.from(JSON.stringify({ ...earlier, timestamp: earlier.timestamp + 1 })));
      expected.repeats += 1;
    } else {
      const message = messageOf(index);
      sent.push(message);
      append(Buffer.from(JSON.stringify(message)));
      world.documents.push(toStored(message, { partition: PARTITION, offset }, { storedAt: 1 }));
      expected.stored += 1;
    }
  }
  return world;
};

export const audit = async (world: World, step = 3): Promise<{ findings: Findings; counts: MergeCounts }> => {
  const findings = new Findings();
  const stored: StoredDocument[] = world.documents
    .toSorted((a, b) => a.offset - b.offset)
    .map((document) => ({ fields: { ...document } }));
  let page = 0;
  const merge = new PartitionMerge(
    { topic: TOPIC, partition: PARTITION, from: FROM, to: world.to },
    {
      documents: { next: async () => stored.slice(page, (page += step)) },
      letters: world.letters.values() as Iterator<IndexedLetter>,
      withIds: async (ids) => stored.filter(({ fields }) => ids.includes(String(fields['messageId']))),
      homeOf: (conversationId, partition) => world.homes.get(conversationId) ?? partition,
      addStored: () => undefined,
      report: (finding) => findings.add(finding),
    },
  );
  for (let at = 0; at < world.records.length; at += step) await merge.take(world.records.slice(at, at + step));
  await merge.end();
  return { findings, counts: merge.counts };
};
