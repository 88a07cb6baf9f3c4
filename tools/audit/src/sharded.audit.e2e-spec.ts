import type { Message } from '@wiber/contracts';
import { auditOf, NOTHING_FOUND } from './audited-system/audit.result.ts';
import { AuditedSystem, FILLED } from './audited-system/audited.system.ts';

/** With the indexes of a collection that is sharded by conversation. */
let system: AuditedSystem;
let messages: Message[];

beforeAll(async () => {
  system = await AuditedSystem.create({ MONGO_SHARD_KEY: 'conversationId' });
  messages = await system.fill();
});

afterAll(() => system.close());

test('with the unique index of a sharded collection a system that lost nothing is whole, with its repeats and dead letters', async () => {
  const { code, report } = await auditOf(system);
  expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
  expect(code).toBe(0);
  const sumOf = (column: 'stored' | 'deadLettered' | 'repeats') =>
    report.partitions.reduce((sum, partition) => sum + partition[column], 0);
  expect([sumOf('stored'), sumOf('repeats'), sumOf('deadLettered')]).toEqual([
    FILLED.messages,
    FILLED.repeats,
    FILLED.poison,
  ]);
});

test('a message that is stored twice while the unique index is missing is found, and so is one id in two conversations', async () => {
  const twice = await system.storedOf(messages[102]!);
  await system.editor.dropUniqueIdIndex();
  const undo = await system.editor.insert(twice);
  // Once for its place, and once for its id.
  expect((await auditOf(system)).report.findings.counts).toEqual({ ...NOTHING_FOUND, doubled: 2 });
  await undo();
  await system.createIndexes();
  const elsewhere = { ...twice, toUser: 'nobody', conversationId: `nobody:${twice.fromUser}`, offset: 9_000_000 };
  const undoElsewhere = await system.editor.insert(elsewhere);
  const { report } = await auditOf(system);
  expect(report.findings.counts).toMatchObject({ doubled: 1 });
  await undoElsewhere();
});

test('what is lost or changed there is found', async () => {
  const [gone, changed] = [messages[100]!, messages[101]!];
  await system.editor.remove(gone.messageId);
  await system.editor.change(changed.messageId, { content: 'another' });
  const { code, report } = await auditOf(system);
  expect(code).toBe(1);
  expect(report.findings.counts).toEqual({ ...NOTHING_FOUND, gap: 1, altered: 1 });
});

test('a rebuild under the same shard key fills another collection, in which the audit finds nothing', async () => {
  const { code, stdout } = await system.run('rebuild', '--to-collection', 'rebuilt');
  expect(stdout).toContain(`${FILLED.messages} stored, ${FILLED.repeats} repeats`);
  expect(code).toBe(1);
  const rebuilt = system.withEnv({ MONGO_COLLECTION: 'rebuilt' });
  expect((await auditOf(rebuilt)).report.findings.counts).toEqual(NOTHING_FOUND);
});
