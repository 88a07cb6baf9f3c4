import fc from 'fast-check';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { Findings, lineOf, type FindingKind } from './findings.ts';
import { FROM, PARTITION, TOPIC, audit, idOf, messageOf, worldOf, type Entry, type World } from './log.world.ts';
import { PartitionMerge } from './partition.merge.ts';

const anyLog = fc.array(fc.constantFrom<Entry>('message', 'message', 'repeat', 'poison', 'conflict', 'nothing'), {
  minLength: 1,
  maxLength: 60,
});
const anyStep = fc.integer({ min: 1, max: 20 });

test('when each record of any log is stored, dead-lettered or a repeat, nothing is reported and every record is counted', async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, anyStep, async (entries, step) => {
      const world = worldOf(entries);
      const { findings, counts } = await audit(world, step);
      expect(findings.first).toEqual([]);
      expect(counts).toEqual(world.expected);
    }),
  );
});

/** Damages a world. Returns the offset of the expected finding, or undefined when this world cannot be damaged so. */
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
      world.letters.push({ offset, matches: () => true });
      world.letters.sort((a, b) => a.offset - b.offset);
      return offset;
    },
  ],
  [
    'a document at the place of another message',
    'foreign',
    (world, at) => withField('messageId', idOf(9999))(world, at),
  ],
  [
    'a document where the log has no record',
    'foreign',
    (world, at) => {
      const taken = new Set(world.records.map(({ offset }) => offset));
      const free = Array.from({ length: world.to - FROM }, (_, index) => FROM + index).filter(
        (offset) => !taken.has(offset),
      );
      const offset = pick(free, at);
      if (offset !== undefined)
        world.documents.push(toStored(messageOf(9999), { partition: PARTITION, offset }, { storedAt: 1 }));
      return offset;
    },
  ],
  [
    'a document between two offsets',
    'foreign',
    (world, at) => {
      const offset = pick(world.records, at)?.offset;
      if (offset === undefined || offset + 1 >= world.to) return undefined;
      world.documents.push(toStored(messageOf(9999), { partition: PARTITION, offset: offset + 0.5 }, { storedAt: 1 }));
      return offset + 0.5;
    },
  ],
  [
    'a dead letter of a place without a record',
    'foreign',
    (world) => {
      world.to += 1;
      world.letters.push({ offset: world.to - 1, matches: () => true });
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
      if (letter) letter.matches = () => false;
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
  [
    'a message that is stored at the place of its repeat',
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

test.each(DAMAGES)('%s is reported as %s, at its offset', async (_what, kind, damage) => {
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

test('the first gap of the log is reported first, also when there are thousands', async () => {
  const world = worldOf(Array.from({ length: 3000 }, () => 'message' as const));
  world.documents = world.documents.filter(({ offset }) => offset < FROM + 700);
  const { findings, counts } = await audit(world, 500);
  expect(counts).toMatchObject({ stored: 700, gaps: 2300 });
  expect(findings.counts.gap).toBe(2300);
  expect(lineOf(findings.first[0]!)).toBe(
    `wiber.messages[2]@800: gap: ${idOf(700)} is neither stored nor dead-lettered`,
  );
});

test('records that retention deleted during the audit are not judged, and the later ones are', async () => {
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
      addStored: () => undefined,
      report: (finding) => findings.add(finding),
    },
  );
  await merge.cut(FROM + 10);
  await merge.take(world.records.slice(10));
  await merge.end();
  expect(findings.first.map(({ offset }) => offset)).toEqual([FROM + 20]);
  expect(merge.counts).toEqual({ stored: 19, deadLettered: 0, repeats: 0, gaps: 1, absent: 0, cut: 10 });
});

test('records that are read again after a rejoin are judged once', async () => {
  const world = worldOf(['message', 'message', 'repeat', 'message']);
  const twice = { ...world, records: [...world.records.slice(0, 3), ...world.records] };
  const { findings, counts } = await audit(twice, 2);
  expect(findings.total).toBe(0);
  expect(counts).toEqual(world.expected);
});
