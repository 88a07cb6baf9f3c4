import { deadLetterHeaders, toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { GroupAdmin, appendRaw, readDeadLetters } from '@wiber/harness';
import type { Audit } from './audit.run.ts';
import { AuditedSystem, PARTITIONS } from './audited.system.ts';
import type { Findings } from './merge/findings.ts';

type Report = Omit<Audit, 'findings'> & { records: number; findings: Pick<Findings, 'counts' | 'first'> };

const COUNT = 900;
const NOTHING_FOUND = { gap: 0, overlap: 0, foreign: 0, altered: 0, doubled: 0, 'out of order': 0 };
let system: AuditedSystem;
let messages: Message[];

const auditOf = async (audited: AuditedSystem): Promise<{ code: number | null; report: Report }> => {
  const { code, stdout, stderr } = await audited.run('audit', '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
};

/** 900 messages, 60 of them sent again, five records that can't be stored. */
const fill = async (audited: AuditedSystem): Promise<void> => {
  messages = audited.messagesOf(COUNT);
  await audited.append(messages);
  await audited.append(messages.slice(300, 360).map((message) => ({ ...message, timestamp: message.timestamp + 1 })));
  const conflict = Buffer.from(JSON.stringify({ ...messages[3], content: 'another body' }));
  await audited.appendTo(0, Buffer.from('{ not JSON'), null, conflict);
  await audited.appendTo(2, Buffer.from('{}'), Buffer.alloc(70_000, 'x'));
  await audited.settle();
};

beforeAll(async () => {
  system = await AuditedSystem.create();
  await fill(system);
});

afterAll(() => system.close());

/** The document of the nth message. */
const storedOf = async (index: number): Promise<StoredMessage> => {
  const { messageId } = messages[index]!;
  return (await system.store.messages.findOne({ messageId }))!;
};

const placeOf = ({ partition, offset }: Pick<StoredMessage, 'partition' | 'offset'>): string =>
  `${system.topic}[${partition}]@${offset}`;

test('a system that kept every record is whole: each offset is stored, dead-lettered or a repeat', async () => {
  const { code, report } = await auditOf(system);
  const sumOf = (column: 'stored' | 'deadLettered' | 'repeats' | 'gaps') =>
    report.partitions.reduce((sum, partition) => sum + partition[column], 0);
  expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
  expect(code).toBe(0);
  expect(report.records).toBe(COUNT + 60 + 5);
  expect([sumOf('stored'), sumOf('repeats'), sumOf('deadLettered'), sumOf('gaps')]).toEqual([COUNT, 60, 5, 0]);
  expect(report.partitions.map(({ deadLettered }) => deadLettered)).toEqual([3, 0, 2]);
});

test('the table says what each partition holds', async () => {
  const { code, stdout } = await system.run('audit');
  expect(code).toBe(0);
  expect(stdout).toMatch(/partition +from +to +stored +dead-lettered +repeats +gaps\n +0 +0 +323 +300 +3 +20 +0\n/);
  expect(stdout).toMatch(/965 records in [\d.]+ s: [\d,]+ records\/s, [\d,]+ MiB at most\nwhole: /);
});

/** Breaks the store; tells where it must be found, and how to mend it. */
type Damage = () => Promise<{ finds: string[]; mend: () => Promise<unknown> }>;

const insert = async (document: Partial<Record<keyof StoredMessage, unknown>>) => {
  const { insertedId } = await system.store.messages.insertOne({ ...document } as StoredMessage);
  return () => system.store.messages.deleteOne({ _id: insertedId });
};

const stranger = (given: object): Record<string, unknown> => ({
  ...toStored({ ...messages[0]!, messageId: '00000000-0000-4000-8000-000000000000' }, { partition: 0, offset: 0 }, 1),
  ...given,
});

const WITHOUT_ID = ({ _id, ...document }: StoredMessage & { _id?: unknown }): StoredMessage => document;

const withoutUniqueIds = async (undo: () => Promise<unknown>) => {
  await undo();
  await system.store.open();
};

const DAMAGES: [string, Damage][] = [
  [
    'a document that is gone',
    async () => {
      const document = await storedOf(100);
      await system.store.messages.deleteOne({ messageId: document.messageId });
      const finds = [`${placeOf(document)}: gap: ${document.messageId} is neither stored nor dead-lettered`];
      return { finds, mend: () => system.store.messages.insertOne(document) };
    },
  ],
  [
    'a document whose content was changed by one letter',
    async () => {
      const { messageId, content, ...place } = await storedOf(101);
      await system.store.messages.updateOne({ messageId }, { $set: { content: content.replace('é', 'e') } });
      const finds = [
        `${placeOf(place)}: altered: ${messageId} is not stored as it lies in the log: content is "message`,
      ];
      return { finds, mend: () => system.store.messages.updateOne({ messageId }, { $set: { content } }) };
    },
  ],
  [
    'a document that has the place of another',
    async () => {
      const document = await storedOf(102);
      const { messageId } = document;
      const other = '00000000-0000-4000-8000-000000000000';
      await system.store.messages.updateOne({ messageId }, { $set: { messageId: other } });
      const finds = [
        `${placeOf(document)}: gap: ${messageId} is neither`,
        `${placeOf(document)}: foreign: ${other} is stored here, and the record here is ${messageId}`,
      ];
      return { finds, mend: () => system.store.messages.updateOne({ messageId: other }, { $set: { messageId } }) };
    },
  ],
  [
    'a document beyond the end of the log',
    async () => ({
      mend: await insert(stranger({ partition: 1, offset: 9_000_000 })),
      finds: [`${system.topic}[1]@9000000: foreign: `],
    }),
  ],
  [
    'a document of a partition that there is not',
    async () => ({
      mend: await insert(stranger({ partition: PARTITIONS, offset: 4 })),
      finds: [`${system.topic}[${PARTITIONS}]@4: foreign: `],
    }),
  ],
  [
    'documents without a place, or with one that is no number',
    async () => {
      const mends = [
        await insert(stranger({ partition: undefined, offset: undefined })),
        await insert(stranger({ messageId: '00000000-0000-4000-8000-000000000001', offset: '12' })),
        await insert(stranger({ messageId: '00000000-0000-4000-8000-000000000002', offset: -7 })),
        await insert(stranger({ messageId: '00000000-0000-4000-8000-000000000003', offset: 12.5 })),
      ];
      const finds = [
        'is stored with partition null and offset null, a place the log has not',
        'is stored with partition 0 and offset "12", a place the log has not',
        `${system.topic}[0]@-7: foreign: `,
        `${system.topic}[0]@12.5: foreign: `,
      ];
      return { finds, mend: () => Promise.all(mends.map((mend) => mend())) };
    },
  ],
  [
    'two documents of one offset, where nothing forbids them',
    async () => {
      await system.store.messages.dropIndex('message_once');
      const document = await storedOf(103);
      const undo = await insert(WITHOUT_ID(document));
      const finds = [`${placeOf(document)}: doubled: ${document.messageId} is one of several documents of this offset`];
      return { finds, mend: () => withoutUniqueIds(undo) };
    },
  ],
  [
    'a repeat that is stored too',
    async () => {
      await system.store.messages.dropIndex('message_once');
      const document = await storedOf(300);
      const offset = 300;
      const repeat = { ...messages[300]!, timestamp: messages[300]!.timestamp + 1 };
      const undo = await insert(toStored(repeat, { partition: document.partition, offset }, 1));
      const finds = [`${system.topic}[0]@300: doubled: ${document.messageId} is stored at [0]@${document.offset} too`];
      return { finds, mend: () => withoutUniqueIds(undo) };
    },
  ],
  [
    'a message that is stored in the place of its repeat',
    async () => {
      const { messageId, timestamp, offset, partition } = await storedOf(300);
      const moved = { timestamp: timestamp + 1, offset: 300 };
      await system.store.messages.updateOne({ messageId }, { $set: moved });
      const finds = [`${placeOf({ partition, offset })}: out of order: ${messageId} is stored only at [0]@300`];
      return { finds, mend: () => system.store.messages.updateOne({ messageId }, { $set: { timestamp, offset } }) };
    },
  ],
];

test.each(DAMAGES)('%s is named, with exit code 1', async (_what, damage) => {
  const { finds, mend } = await damage();
  try {
    const { code, stdout } = await system.run('audit');
    for (const found of finds) expect(stdout).toContain(found);
    expect(code).toBe(1);
  } finally {
    await mend();
  }
});

test('once all of that is mended, it is whole again', async () => {
  const { code, report } = await auditOf(system);
  expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
  expect(code).toBe(0);
});

test('while ingest works and the log grows, what is committed is whole', async () => {
  const busy = await AuditedSystem.create();
  try {
    await busy.startIngest();
    await busy.append(busy.messagesOf(100));
    await busy.drained();
    let appended = 100;
    let auditing = true;
    const load = (async () => {
      for (; auditing; appended += 200) await busy.append(busy.messagesOf(200));
    })();
    const records: number[] = [];
    try {
      for (let round = 0; round < 2; round += 1) {
        const { code, report } = await auditOf(busy);
        expect(report.findings.first).toEqual([]);
        expect(code).toBe(0);
        records.push(report.records);
      }
    } finally {
      auditing = false;
      await load;
    }
    expect(records[1]).toBeGreaterThan(records[0]!);
    expect(appended).toBeGreaterThan(records[1]!);
    await busy.drained();
    expect((await auditOf(busy)).report).toMatchObject({ records: appended, findings: { counts: NOTHING_FOUND } });
  } finally {
    await busy.close();
  }
}, 180_000);

test('what is wrong in the log and among the dead letters is named', async () => {
  const broken = await AuditedSystem.create();
  const { topic } = broken;
  const letterOf = (partition: number, offset: number) => ({
    ...({
      topic,
      partition,
      offset,
      reason: 'schema',
      error: 'planted',
      attempts: 1,
      time: 1,
      instance: 'spec',
    } as const),
  });
  try {
    await broken.append(broken.messagesOf(90));
    await broken.appendTo(1, Buffer.from('poison one'), Buffer.from('poison two'));
    // The conversation of user0 and hub is in partition 0.
    const elsewhere = { ...broken.messagesOf(1)[0]!, content: 'in another partition' };
    await broken.appendTo(2, Buffer.from(JSON.stringify(elsewhere)));
    await broken.settle();
    const [one, two] = await readDeadLetters(broken.env);
    const again = { key: one!.key?.toString() ?? null, partition: 0, value: one!.value };
    await appendRaw(broken.deadLetterEnv, [
      { ...again, headers: deadLetterHeaders(letterOf(1, one!.letter.offset)) },
      { ...again, headers: deadLetterHeaders(letterOf(1, two!.letter.offset)) },
      { ...again, headers: deadLetterHeaders(letterOf(0, 7)) },
      { ...again, headers: deadLetterHeaders(letterOf(0, 5000)) },
      { ...again, headers: deadLetterHeaders({ ...letterOf(0, 8), topic: 'another' }) },
      { ...again, headers: {} },
    ]);
    const { code, stdout } = await broken.run('audit');
    expect(code).toBe(1);
    expect(stdout).toContain('2 dead letters are there more than once');
    for (const found of [
      `${topic}[1]@31: altered: its dead letter has another key or value`,
      `${topic}[0]@7: overlap: `,
      `${topic}[0]@7: altered: its dead letter has another key or value`,
      `${topic}[0]@5000: foreign: a dead letter names a place beyond the end of the log`,
      `foreign: is a dead letter of another`,
      `foreign: has not the headers of a dead letter`,
    ])
      expect(stdout).toContain(found);
    expect(stdout).not.toContain(`${topic}[1]@30`);
    expect(stdout).toMatch(/out of order: \S+ of the conversation hub:user0, which is in partition [02] too/);
    // One that is lost is a gap, and that it may be lost is said.
    await new GroupAdmin(broken.deadLetterEnv).dropBefore(await new GroupAdmin(broken.deadLetterEnv).ends());
    const after = await broken.run('audit');
    expect(after.code).toBe(1);
    expect(after.stdout).toContain(`${topic}[1]@30: gap: can't be stored (unreadable: `);
    expect(after.stdout).toMatch(/retention has taken \d dead letters: a gap may be one of them/);
  } finally {
    await broken.close();
  }
});

test('where retention has cut the log, the rest is judged and the cut is said', async () => {
  const cut = await AuditedSystem.create();
  try {
    await fill(cut);
    await cut.group.dropBefore([100, 0, 50]);
    const { code, stdout } = await cut.run('audit');
    expect(code).toBe(0);
    expect(stdout).toContain('retention has taken 150 records before the start: nothing is said of them');
    expect(stdout).toMatch(/\n +0 +100 +323 /);
  } finally {
    await cut.close();
  }
});
