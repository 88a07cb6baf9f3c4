import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import type { StoredFields } from '@wiber/evidence';
import { auditOf, NOTHING_FOUND } from './audited-system/audit.result.ts';
import { AuditedSystem, FILLED, PARTITIONS } from './audited-system/audited.system.ts';

let system: AuditedSystem;
let messages: Message[];

beforeAll(async () => {
  system = await AuditedSystem.create();
  messages = await system.fill();
});

afterAll(() => system.close());

/** The document of the nth message. */
const storedOf = (index: number): Promise<StoredMessage> => system.storedOf(messages[index]!);

const placeOf = ({ partition, offset }: Pick<StoredMessage, 'partition' | 'offset'>): string =>
  `${system.topic}[${partition}]@${offset}`;

test('a system that lost nothing is whole: each offset is stored, dead-lettered or a repeat', async () => {
  const { code, report } = await auditOf(system);
  const sumOf = (column: 'stored' | 'deadLettered' | 'repeats' | 'gaps') =>
    report.partitions.reduce((sum, partition) => sum + partition[column], 0);
  expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
  expect(code).toBe(0);
  expect(report.records).toBe(FILLED.messages + FILLED.repeats + FILLED.poison);
  expect([sumOf('stored'), sumOf('repeats'), sumOf('deadLettered'), sumOf('gaps')]).toEqual([
    FILLED.messages,
    FILLED.repeats,
    FILLED.poison,
    0,
  ]);
  expect(report.partitions.map(({ deadLettered }) => deadLettered)).toEqual([3, 0, 2]);
});

test('the table shows what each partition holds', async () => {
  const { code, stdout } = await system.run('audit');
  expect(code).toBe(0);
  expect(stdout).toMatch(/partition +from +to +stored +dead-lettered +repeats +gaps\n +0 +0 +323 +300 +3 +20 +0\n/);
  expect(stdout).toMatch(/965 records in [\d.]+ s: [\d,]+ records\/s, [\d,]+ MiB at most\nwhole: /);
});

/** Damages the store. Returns the findings that the audit must print, and a call that repairs the store. */
type Damage = () => Promise<{ finds: string[]; repair: () => Promise<unknown> }>;

const OTHER_ID = '00000000-0000-4000-8000-000000000000';

/** A document that belongs to no record. */
const foreignDocument = (given: object): StoredFields => ({
  ...toStored({ ...messages[0]!, messageId: OTHER_ID }, { partition: 0, offset: 0 }, { storedAt: 1 }),
  ...given,
});

const afterwardsWithIndexes = (undo: () => Promise<unknown>) => async () => {
  await undo();
  await system.createIndexes();
};

const DAMAGES: [string, Damage][] = [
  [
    'a document that is gone',
    async () => {
      const document = await storedOf(100);
      const finds = [`${placeOf(document)}: gap: ${document.messageId} is neither stored nor dead-lettered`];
      return { finds, repair: await system.editor.remove(document.messageId) };
    },
  ],
  [
    'a document whose content was changed by one letter',
    async () => {
      const { messageId, content, ...place } = await storedOf(101);
      const finds = [`${placeOf(place)}: altered: ${messageId} is not stored as the log has it: content is "message`];
      return { finds, repair: await system.editor.change(messageId, { content: content.replace('é', 'e') }) };
    },
  ],
  [
    'a document that has the place of another',
    async () => {
      const document = await storedOf(102);
      const { messageId } = document;
      const finds = [
        `${placeOf(document)}: gap: ${messageId} is neither`,
        `${placeOf(document)}: foreign: ${OTHER_ID} is stored here, and the record here is ${messageId}`,
      ];
      return { finds, repair: await system.editor.change(messageId, { messageId: OTHER_ID }) };
    },
  ],
  [
    'a document beyond the end of the log',
    async () => ({
      repair: await system.editor.insert(foreignDocument({ partition: 1, offset: 9_000_000 })),
      finds: [`${system.topic}[1]@9000000: foreign: `],
    }),
  ],
  [
    'a document of a partition that does not exist',
    async () => ({
      repair: await system.editor.insert(foreignDocument({ partition: PARTITIONS, offset: 4 })),
      finds: [`${system.topic}[${PARTITIONS}]@4: foreign: `],
    }),
  ],
  [
    'documents without a place, or with a place that is not a number',
    async () => {
      const repairs = [
        await system.editor.insert(foreignDocument({ partition: undefined, offset: undefined })),
        await system.editor.insert(foreignDocument({ messageId: OTHER_ID.replace(/0$/, '1'), offset: '12' })),
        await system.editor.insert(foreignDocument({ messageId: OTHER_ID.replace(/0$/, '2'), offset: -7 })),
        await system.editor.insert(foreignDocument({ messageId: OTHER_ID.replace(/0$/, '3'), offset: 12.5 })),
      ];
      const finds = [
        'is stored with partition null and offset null, a place that the log does not have',
        'is stored with partition 0 and offset "12", a place that the log does not have',
        `${system.topic}[0]@-7: foreign: `,
        `${system.topic}[0]@12.5: foreign: `,
      ];
      return { finds, repair: () => Promise.all(repairs.map((repair) => repair())) };
    },
  ],
  [
    'two documents of one offset, without the unique index',
    async () => {
      await system.editor.dropUniqueIdIndex();
      const document = await storedOf(103);
      const undo = await system.editor.insert(document);
      const finds = [`${placeOf(document)}: doubled: ${document.messageId} is one of several documents of this offset`];
      return { finds, repair: afterwardsWithIndexes(undo) };
    },
  ],
  [
    'a repeat that is stored although it is one',
    async () => {
      await system.editor.dropUniqueIdIndex();
      const document = await storedOf(300);
      const offset = 300;
      const repeat = { ...messages[300]!, timestamp: messages[300]!.timestamp + 1 };
      const undo = await system.editor.insert(
        toStored(repeat, { partition: document.partition, offset }, { storedAt: 1 }),
      );
      const finds = [`${system.topic}[0]@300: doubled: ${document.messageId} is stored at [0]@${document.offset} too`];
      return { finds, repair: afterwardsWithIndexes(undo) };
    },
  ],
  [
    'a message that is stored at the place of its repeat',
    async () => {
      const { messageId, timestamp, offset, partition } = await storedOf(300);
      const finds = [`${placeOf({ partition, offset })}: out of order: ${messageId} is stored only at [0]@300`];
      return { finds, repair: await system.editor.change(messageId, { timestamp: timestamp + 1, offset: 300 }) };
    },
  ],
  [
    'an entry of activity that is gone',
    async () => {
      const document = await storedOf(7);
      const { messageId } = document;
      const line = (user: string) =>
        `${placeOf(document)}: hidden: ${messageId} is stored, and the messages of ${user} lack it`;
      const repairs = [await system.editor.hide(document, 'user7'), await system.editor.hide(document, 'hub')];
      const finds = [line('user7'), line('hub'), 'broken: 60 hidden\n'];
      return { finds, repair: () => Promise.all(repairs.map((repair) => repair())) };
    },
  ],
];

test.each(DAMAGES)('%s is reported, with exit code 1', async (_what, damage) => {
  const { finds, repair } = await damage();
  try {
    const { code, stdout } = await system.run('audit');
    for (const found of finds) expect(stdout).toContain(found);
    expect(code).toBe(1);
  } finally {
    await repair();
  }
});

test('after all repairs the system is whole again', async () => {
  const { code, report } = await auditOf(system);
  expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
  expect(code).toBe(0);
});
