import { eventually, kafkaClient } from '@wiber/harness';
import { auditOf, NOTHING_FOUND } from './audited-system/audit.result.ts';
import { AuditedSystem } from './audited-system/audited.system.ts';

const COUNT = 40;
/** So large that a fetch holds only some of them, and the next one begins inside of several transactions. */
const LARGE = 'a'.repeat(55_000);

test('of transactions that were under way together, the audit wants what was committed, and a rebuild stores no aborted record', async () => {
  const system = await AuditedSystem.create();
  const { topic } = system;
  const client = kafkaClient(system.env['KAFKA_BOOTSTRAP_SERVERS']!.split(','));
  const open = async (name: string) => {
    const transactionalId = `${topic}-${name}`;
    const producer = client.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    return { producer, transaction: await producer.transaction() };
  };
  try {
    const messages = system.messagesOf(3 * COUNT).filter((_, index) => index % 3 === 0);
    const writers = { one: await open('one'), two: await open('two'), committing: await open('committing') };
    const { one, two, committing } = writers;
    const append = (to: typeof one, value: string, key = 'hub:user0') =>
      to.transaction.send({ topic, messages: [{ key, partition: 0, value }] });
    for (const message of messages) {
      await append(one, LARGE);
      await append(two, LARGE);
      await append(committing, JSON.stringify(message), `hub:${message.fromUser}`);
    }
    await one.transaction.abort();
    await append(two, LARGE);
    await two.transaction.abort();
    await committing.transaction.commit();
    await Promise.all(Object.values(writers).map(({ producer }) => producer.disconnect()));
    // With the three markers, which Kafka writes after it has answered.
    await eventually(async () => expect((await system.group.ends())[0]).toBe(3 * COUNT + 4));
    await system.settle();
    const { code, report } = await auditOf(system);
    expect(report.findings).toEqual({ counts: NOTHING_FOUND, first: [] });
    expect(code).toBe(0);
    const rebuild = await system.run('rebuild', '--to-collection', 'messages_2');
    expect(rebuild.stdout).toContain(`${COUNT} stored, 0 repeats`);
    expect(rebuild.code).toBe(0);
  } finally {
    await system.close();
  }
});
