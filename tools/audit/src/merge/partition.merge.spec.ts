import fc from 'fast-check';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { Findings, lineOf, type FindingKind } from './findings.ts';
import type { LogRecord } from './log.record.ts';
import { PartitionMerge, type LetterOf, type MergeCounts } from './partition.merge.ts';
import type { StoredDocument } from './stored.document.ts';

const TOPIC = 'wiber.messages';
const PARTITION = 2;
const FROM = 100;

/** What lies at each offset of a log. */
type Entry = 'message' | 'repeat' | 'poison' | 'conflict' | 'nothing';

/** A log with the store and the dead letters that belong to it. */
interface World {
  records: LogRecord[];
  documents: StoredMessage[];
  letters: LetterOf[];
  to: number;
  homes: Map<string, number>;
  expected: MergeCounts;
}

const idOf = (index: number): string => `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
const messageOf = (index: number, given: Partial<Message> = {}): Message => ({
  messageId: idOf(index),
  fromUser: `user${index % 5}`,
  toUser: 'hub',
  content: `message ${index} "é" 🦊`,
  timestamp: 1_700_000_000_000 + index,
  lamport: index,
  ...given,
});

const worldOf = (entries: Entry[]): World => {
  const world: World = {
    records: [],
    documents: [],
    letters: [],
    to: FROM + entries.length,
    homes: new Map(),
    expected: { stored: 0, deadLettered: 0, repeats: 0, gaps: 0, absent: 0, cut: 0 },
  };
  const { expected } = world;
  const said: Message[] = [];
  for (const [index, entry] of entries.entries()) {
    const offset = FROM + index;
    const first = said[index % Math.max(1, said.length)];
    const append = (value: Buffer) => world.records.push({ offset, key: null, value });
    const bury = () => {
      expected.deadLettered += 1;
      world.letters.push({ offset, isOf: () => true });
    };
    if (entry === 'nothing') expected.absent += 1;
    else if (entry === 'poison') {
      append(Buffer.from(`{ not JSON ${index}`));
      bury();
    } else if (entry === 'conflict' && first) {
      append(Buffer.from(JSON.stringify({ ...first, content: 'another body' })));
      bury();
    } else if (entry === 'repeat' && first) {
      append(Buffer.from(JSON.stringify({ ...first, timestamp: first.timestamp + 1 })));
      expected.repeats += 1;
    } else {
      const message = messageOf(index);
      said.push(message);
      append(Buffer.from(JSON.stringify(message)));
      world.documents.push(toStored(message, { partition: PARTITION, offset }, 1));
      expected.stored += 1;
    }
  }
  return world;
};

const audit = async (world: World, step = 3): Promise<{ findings: Findings; counts: MergeCounts }> => {
  const findings = new Findings();
  const stored: StoredDocument[] = world.documents
    .toSorted((a, b) => a.offset - b.offset)
    .map((document) => ({ fields: { ...document } }));
  let page = 0;
  const merge = new PartitionMerge(
    { topic: TOPIC, partition: PARTITION, from: FROM, to: world.to },
    {
      documents: { next: async () => stored.slice(page, (page += step)) },
      letters: world.letters.values() as Iterator<LetterOf>,
      withIds: async (ids) => stored.filter(({ fields }) => ids.includes(String(fields['messageId']))),
      homeOf: (conversationId, partition) => world.homes.get(conversationId) ?? partition,
      found: (finding) => findings.add(finding),
    },
  );
  for (let at = 0; at < world.records.length; at += step) await merge.take(world.records.slice(at, at + step));
  await merge.finish();
  return { findings, counts: merge.counts };
};

const anyLog = fc.array(fc.constantFrom<Entry>('message', 'message', 'repeat', 'poison', 'conflict', 'nothing'), {
  minLength: 1,
  maxLength: 60,
});
const anyStep = fc.integer({ min: 1, max: 20 });

test('whatever a log holds: when each record is stored, dead-lettered or a repeat, nothing is found and all is counted', async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, anyStep, async (entries, step) => {
      const world = worldOf(entries);
      const { findings, counts } = await audit(world, step);
      expect(findings.first).toEqual([]);
      expect(counts).toEqual(world.expected);
    }),
  );
});

/** Breaks a world at a place; tells the offset where it must be found, or undefined where it can't be broken so. */
type Damage = (world: World, at: number) => number | undefined;

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

const withField = (field: keyof StoredMessage, value: unknown): Damage => {
  return (world, at) => {
    const document = pick(world.documents, at);
    if (document) Object.assign(document, { [field]: value });
    return document?.offset;
  };
};

const DAMAGES: [string, FindingKind, Damage][] = [
  [
    'a document that was lost',
    'gap',
    (world, at) => pick(world.documents.splice(at % Math.max(1, world.documents.length), 1), 0)?.offset,
  ],
  [
    'a dead letter that was not written',
    'gap',
    (world, at) => pick(world.letters.splice(at % Math.max(1, world.letters.length), 1), 0)?.offset,
  ],
  [
    'a stored record that is dead-lettered too',
    'overlap',
    (world, at) => {
      const offset = pick(world.documents, at)?.offset;
      if (offset === undefined) return undefined;
      world.letters.push({ offset, isOf: () => true });
      world.letters.sort((a, b) => a.offset - b.offset);
      return offset;
    },
  ],
  [
    'a document in the place of another message',
    'foreign',
    (world, at) => withField('messageId', idOf(9999))(world, at),
  ],
  [
    'a document where the log has no record',
    'foreign',
    (world, at) => {
      const taken = new Set(world.records.map(({ offset }) => offset));
      const free = Array.from({ length: world.to - FROM }, (_, index) => FROM + index).filter(
        (each) => !taken.has(each),
      );
      const offset = pick(free, at);
      if (offset !== undefined) world.documents.push(toStored(messageOf(9999), { partition: PARTITION, offset }, 1));
      return offset;
    },
  ],
  [
    'a document between two offsets',
    'foreign',
    (world, at) => {
      const offset = pick(world.records, at)?.offset;
      if (offset === undefined || offset + 1 >= world.to) return undefined;
      world.documents.push(toStored(messageOf(9999), { partition: PARTITION, offset: offset + 0.5 }, 1));
      return offset + 0.5;
    },
  ],
  [
    'a dead letter of a place without a record',
    'foreign',
    (world) => {
      world.to += 1;
      world.letters.push({ offset: world.to - 1, isOf: () => true });
      return world.to - 1;
    },
  ],
  [
    'two documents of one offset',
    'doubled',
    (world, at) => {
      const document = pick(world.documents, at);
      if (document) world.documents.push({ ...document });
      return document?.offset;
    },
  ],
  [
    'a dead letter with another value',
    'altered',
    (world, at) => {
      const letter = pick(world.letters, at);
      if (letter) letter.isOf = () => false;
      return letter?.offset;
    },
  ],
  ['another content', 'altered', withField('content', 'message 1')],
  ['another sender', 'altered', withField('fromUser', 'mallory')],
  ['another receiver', 'altered', withField('toUser', 'mallory')],
  ['another time', 'altered', withField('timestamp', 5)],
  ['a time that is text', 'altered', withField('timestamp', '1700000000000')],
  ['another Lamport time', 'altered', withField('lamport', -1)],
  ['another conversation', 'altered', withField('conversationId', 'a:b')],
  ['participants that are missing', 'altered', withField('participants', [])],
  [
    'a message that is stored in the place of its repeat',
    'out of order',
    (world, at) => {
      const moves = world.records.flatMap((repeat) => {
        const id = (JSON.parse(/^\{"/.test(String(repeat.value)) ? String(repeat.value) : '{}') as Message).messageId;
        const document = world.documents.find(({ messageId }) => messageId === id);
        const isDead = world.letters.some(({ offset }) => offset === repeat.offset);
        return document && !isDead && document.offset < repeat.offset ? [{ document, repeat }] : [];
      });
      const move = pick(moves, at);
      if (!move) return undefined;
      const { document, repeat } = move;
      const first = document.offset;
      Object.assign(document, JSON.parse(String(repeat.value)), { offset: repeat.offset });
      return first;
    },
  ],
  [
    'a conversation that is in another partition too',
    'out of order',
    (world, at) => {
      const document = pick(world.documents, at);
      if (!document) return undefined;
      world.homes.set(document.conversationId, PARTITION + 1);
      return world.documents.find(({ conversationId }) => conversationId === document.conversationId)?.offset;
    },
  ],
];

test.each(DAMAGES)('%s is named as %s, at its offset', async (_what, kind, damage) => {
  let broken = 0;
  await fc.assert(
    fc.asyncProperty(anyLog, anyStep, fc.nat(1000), async (entries, step, at) => {
      const world = worldOf(entries);
      const offset = damage(world, at);
      fc.pre(offset !== undefined);
      broken += 1;
      const { findings } = await audit(world, step);
      const first = findings.first.find((finding) => finding.kind === kind);
      expect(first && { topic: first.topic, partition: first.partition, offset: first.offset }).toEqual({
        topic: TOPIC,
        partition: PARTITION,
        offset,
      });
    }),
  );
  expect(broken).toBeGreaterThan(20);
});

test('of the gaps the first in the log is the first that is named, also when there are thousands', async () => {
  const world = worldOf(Array.from({ length: 3000 }, () => 'message' as const));
  world.documents = world.documents.filter(({ offset }) => offset < FROM + 700);
  const { findings, counts } = await audit(world, 500);
  expect(counts).toMatchObject({ stored: 700, gaps: 2300 });
  expect(findings.counts.gap).toBe(2300);
  expect(lineOf(findings.first[0]!)).toBe(
    `wiber.messages[2]@800: gap: ${idOf(700)} is neither stored nor dead-lettered`,
  );
});

test('of what retention took on the way nothing is said, and what follows is judged', async () => {
  const world = worldOf(Array.from({ length: 30 }, () => 'message' as const));
  world.documents = world.documents.filter(({ offset }) => offset !== FROM + 5 && offset !== FROM + 20);
  const findings = new Findings();
  const page = world.documents.map((document) => ({ fields: { ...document } }));
  const merge = new PartitionMerge(
    { topic: TOPIC, partition: PARTITION, from: FROM, to: world.to },
    {
      documents: { next: async () => page.splice(0) },
      letters: [][Symbol.iterator](),
      withIds: async () => [],
      homeOf: (_, partition) => partition,
      found: (finding) => findings.add(finding),
    },
  );
  await merge.cut(FROM + 10);
  await merge.take(world.records.slice(10));
  await merge.finish();
  expect(findings.first.map(({ offset }) => offset)).toEqual([FROM + 20]);
  expect(merge.counts).toEqual({ stored: 19, deadLettered: 0, repeats: 0, gaps: 1, absent: 0, cut: 10 });
});

test('records that come again after a rejoin are judged once', async () => {
  const world = worldOf(['message', 'message', 'repeat', 'message']);
  const twice = { ...world, records: [...world.records.slice(0, 3), ...world.records] };
  const { findings, counts } = await audit(twice, 2);
  expect(findings.total).toBe(0);
  expect(counts).toEqual(world.expected);
});
