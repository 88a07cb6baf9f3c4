import { deadLetterHeaders } from '@wiber/contracts';
import { GroupReader, readDeadLetters } from '@wiber/evidence';
import { TopicAdmin, appendRaw, eventually, kafkaClient } from '@wiber/harness';
import { auditOf, NOTHING_FOUND } from './audited-system/audit.result.ts';
import { AuditedSystem } from './audited-system/audited.system.ts';

test('while ingest runs and the log grows, everything that is committed is whole', async () => {
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

test('what is wrong in the log and in the dead letters is reported', async () => {
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
    expect(stdout).toContain('2 dead letters are repeats of another one');
    for (const found of [
      `${topic}[1]@31: altered: its dead letter has another key or value`,
      `${topic}[0]@7: overlap: `,
      `${topic}[0]@7: altered: its dead letter has another key or value`,
      `${topic}[0]@5000: foreign: a dead letter names a place beyond the end of the log`,
      `foreign: is a dead letter of another`,
      `foreign: does not have the headers of a dead letter`,
    ])
      expect(stdout).toContain(found);
    expect(stdout).not.toContain(`${topic}[1]@30`);
    expect(stdout).toMatch(/out of order: \S+ belongs to the conversation hub:user0, which is in partition [02] too/);
    // A dead letter that retention has deleted shows as a gap, and the report says that this is possible.
    await new TopicAdmin(broken.deadLetterEnv).dropBefore(await new GroupReader(broken.deadLetterEnv).ends());
    const after = await broken.run('audit');
    expect(after.code).toBe(1);
    expect(after.stdout).toContain(`${topic}[1]@30: gap: cannot be stored (unreadable: `);
    expect(after.stdout).toMatch(/retention has deleted \d dead letters: a gap may be one of them/);
  } finally {
    await broken.close();
  }
});

test('when retention has deleted the start of the log, the rest is audited and the report says so', async () => {
  const cut = await AuditedSystem.create();
  try {
    await cut.fill();
    await cut.topicAdmin.dropBefore([100, 0, 50]);
    const { code, stdout } = await cut.run('audit');
    expect(code).toBe(0);
    expect(stdout).toContain('retention has deleted 150 records before the start: they are not audited');
    expect(stdout).toMatch(/\n +0 +100 +323 /);
  } finally {
    await cut.close();
  }
});

test('records that were deleted before ingest read them are reported as lost', async () => {
  const cut = await AuditedSystem.create();
  try {
    await cut.append(cut.messagesOf(30));
    await cut.settle();
    await cut.append(cut.messagesOf(60));
    await cut.topicAdmin.dropBefore([25, 0, 0]);
    const { code, stdout } = await cut.run('audit');
    expect(code).toBe(1);
    expect(stdout).toContain('broken: 1 cut');
    expect(stdout).toContain(`${cut.topic}[0]@10: cut: the log lost 15 records from here on before ingest read them`);
  } finally {
    await cut.close();
  }
});

test('a partition whose last records were part of a transaction is audited to its end', async () => {
  const system = await AuditedSystem.create();
  try {
    const messages = system.messagesOf(30);
    await system.append(messages.slice(0, 29));
    const client = kafkaClient(system.env['KAFKA_BOOTSTRAP_SERVERS']!.split(','));
    const producer = client.producer({ transactionalId: system.topic, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    const value = JSON.stringify(messages[29]);
    await transaction.send({ topic: system.topic, messages: [{ key: 'hub:user29', partition: 2, value }] });
    await transaction.commit();
    await producer.disconnect();
    // Kafka writes the marker of the transaction after it has answered.
    await eventually(async () => expect(await system.group.ends()).toEqual([10, 10, 11]));
    await system.settle();
    const { code, report } = await auditOf(system);
    expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
    expect(report.partitions.map(({ to }) => to)).toEqual([10, 10, 11]);
    expect(code).toBe(0);
    expect(await system.run('rebuild', '--to-collection', 'messages_2')).toMatchObject({ code: 0 });
  } finally {
    await system.close();
  }
});
