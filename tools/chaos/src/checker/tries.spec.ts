import fc from 'fast-check';
import { check } from './checker.ts';
import { appendRecord, correctRun, type Fate } from './correct.run.ts';
import type { Observation, Send } from './observation.ts';
import type { Invariant } from './violation.ts';

const brokenBy = (observation: Observation): Invariant[] =>
  check(observation).flatMap(({ invariant, broken }) => (broken > 0 ? [invariant] : []));

const runOf = (...fates: Fate[]): Observation =>
  correctRun(fates.map((fate, index) => ({ conversation: index % 3, fate, poison: false })));

/** The tries of the n-th message of a run. */
const triesOf = (run: Observation, id: number): Send[] => run.sends.filter((send) => send.id === id);

/** Appends the record of a message that no record has yet. */
const writeRecord = (run: Observation, id: number, appendedAt: number): void => {
  const [{ fromUser, content } = { fromUser: '' }] = triesOf(run, id);
  const body = { messageId: `m${id}`, fromUser, ...(content === undefined ? {} : { content }) };
  appendRecord(run, { partition: 0, ...body, digest: `late m${id}`, appendedAt });
};

test('a record that a refused send has written is reported, also when it is not stored', () => {
  const run = runOf('acked', 'refused', 'acked');
  writeRecord(run, 1, 100);
  run.deadLetters.push({ partition: 0, offset: run.log.at(-1)!.offset, reason: 'handler_error', digest: 'late m1' });
  const verdict = check(run).find(({ invariant }) => invariant === 'refused-never-logged')!;
  expect(verdict).toMatchObject({ broken: 1, smallest: { description: 'a refused send has written a record' } });
  expect(verdict.smallest!.witness['sends']).toEqual(triesOf(run, 1));
});

test('a refused try that has written the record is reported although a later try of the message was acknowledged', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Fate>('acked', 'lost-but-written', 'refused'), { maxLength: 9 }), (others) => {
      const run = runOf(...others, 'refused-then-acked');
      const [refused, acked] = triesOf(run, others.length) as [Send, Send];
      const record = run.log.findLast(({ messageId }) => messageId === `m${others.length}`)!;
      // The retry waited: only the refused try can have written what was appended before.
      const later = 1000;
      Object.assign(acked, { sentAt: acked.sentAt + later, answeredAt: acked.answeredAt + later });
      expect(record.appendedAt).toBeGreaterThanOrEqual(refused.answeredAt);
      const verdict = check(run).find(({ invariant }) => invariant === 'refused-never-logged')!;
      expect(verdict).toMatchObject({ broken: 1 });
      expect(verdict.smallest!.witness).toMatchObject({ record, sends: [refused, acked] });
    }),
  );
});

test('a try of unknown outcome does not excuse a record that was appended before it was sent', () => {
  const run = runOf('refused');
  const [refused] = triesOf(run, 0) as [Send];
  refused.idempotencyKey = 'k0';
  run.sends.push({ ...refused, sentAt: 500, answeredAt: 501, outcome: { type: 'unknown', cause: 'no answer' } });
  writeRecord(run, 0, 500 - run.clockToleranceMs - 1);
  expect(brokenBy(run)).toContain('refused-never-logged');
});

test('the clocks of brokers and senders may differ by the tolerance, and not by more', () => {
  for (const [early, broken] of [
    [2, false],
    [3, true],
  ] as const) {
    const run = runOf('acked');
    run.sends[0]!.sentAt += early;
    expect(brokenBy(run).includes('refused-never-logged')).toBe(broken);
  }
});

test('a record whose message nobody sent is reported', () => {
  const run = runOf('acked');
  appendRecord(run, { partition: 1, messageId: 'm9', fromUser: 'mallory', content: 'x', digest: 'x' });
  const verdict = check(run).find(({ invariant }) => invariant === 'refused-never-logged')!;
  expect(verdict).toMatchObject({ broken: 1, smallest: { description: 'nobody sent the message of a record' } });
});

test('records that the run itself appended without a gateway need no send', () => {
  const run = runOf('acked');
  const { partition, offset } = appendRecord(run, { partition: 1, messageId: 'm9', content: 'x', digest: 'own' });
  run.poison.push({ kind: 'schema', reason: 'schema', digest: 'own', acked: true });
  run.deadLetters.push({ partition, offset, reason: 'schema', digest: 'own' });
  expect(brokenBy(run)).toEqual([]);
});

const RETRIED: Fate[] = ['retried', 'refused-then-acked', 'acked-then-refused'];

test.each(RETRIED)(
  'an acknowledged try whose message is lost is reported alone, whatever the other tries got: %s',
  (fate) => {
    const run = runOf('acked', fate);
    const acked = triesOf(run, 1).find(({ outcome }) => outcome.type === 'acked')!;
    run.stored = run.stored.filter(({ messageId }) => messageId !== 'm1');
    const verdict = check(run).find(({ invariant }) => invariant === 'acked-exactly-once')!;
    expect(verdict.broken).toBe(1);
    expect(verdict.smallest!.witness['judged']).toEqual(acked);
  },
);

test('each acknowledged try of a message that is stored under another id is reported', () => {
  const run = runOf('retried');
  const acked = run.sends.at(-1)!;
  run.sends.push({ ...acked, sentAt: 50, answeredAt: 51, outcome: { type: 'acked', messageId: 'another' } });
  const verdict = check(run).find(({ invariant }) => invariant === 'acked-exactly-once')!;
  expect(verdict).toMatchObject({
    broken: 1,
    smallest: { witness: { judged: { outcome: { messageId: 'another' } } } },
  });
});

test('a try of unknown outcome is judged although another try was acknowledged', () => {
  const run = runOf('retried');
  const row = run.stored[0]!;
  const { offset } = appendRecord(run, { ...row, digest: 'm0 stored again' });
  run.stored.push({ ...row, offset });
  expect(brokenBy(run)).toEqual(expect.arrayContaining(['unknown-at-most-once', 'acked-exactly-once']));
});

test('a conflict excuses only the try whose own record is the dead letter', () => {
  const run = runOf('retried');
  const [first] = triesOf(run, 0) as [Send];
  const other: Send = {
    ...first,
    content: 'other',
    sentAt: 50,
    answeredAt: 51,
    outcome: { type: 'acked', messageId: 'm0' },
  };
  run.sends.push(other);
  const again = run.log.find(({ digest }) => digest === 'm0 again')!;
  run.deadLetters.push({ ...again, reason: 'idempotency_conflict' });
  expect(brokenBy(run)).toContain('acked-exactly-once');
});

test('a refused try does not make a message older: it may come after one that was acknowledged before its first real try', () => {
  const run = runOf('refused-then-acked', 'acked');
  const [refused, acked] = triesOf(run, 0) as [Send, Send];
  const [second] = triesOf(run, 1) as [Send];
  // The retry is sent after the other message was acknowledged, and its record precedes the other all the same.
  expect(refused.answeredAt).toBeLessThan(second.sentAt);
  Object.assign(acked, { sentAt: second.answeredAt + 10, answeredAt: second.answeredAt + 11 });
  for (const row of run.stored)
    Object.assign(row, { partition: 0, conversationId: 'a0:b', offset: row.messageId === 'm0' ? 0 : 1 });
  expect(brokenBy(run)).toContain('real-time-order');
});
