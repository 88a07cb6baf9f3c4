import fc from 'fast-check';
import { check } from './checker.ts';
import type { LogRow, Observation, Send, StoredRow } from './observation.ts';
import type { Invariant } from './violation.ts';

const PARTITIONS = 2;

/** A run in which every promise is kept: what a correct system may leave after refusals, lost answers and retries. */
const honestRun = (
  plan: {
    conversation: number;
    fate: 'acked' | 'refused' | 'lost' | 'lost-but-written' | 'retried';
    poison: boolean;
  }[],
): Observation => {
  const observation: Observation = {
    sends: [],
    walks: [],
    readsAfterWrite: [],
    stored: [],
    members: new Map(),
    logEnds: new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, 0])),
    log: [],
    deadLetters: [],
  };
  let now = 0;
  const append = (partition: number, messageId: string | undefined): LogRow => {
    const offset = observation.logEnds.get(partition)!;
    observation.logEnds.set(partition, offset + 1);
    const row = { partition, offset, messageId };
    observation.log.push(row);
    return row;
  };
  for (const [id, { conversation, fate, poison }] of plan.entries()) {
    const partition = conversation % PARTITIONS;
    const fromUser = `a${conversation}`;
    const messageId = `m${id}`;
    const written = fate === 'acked' || fate === 'lost-but-written' || fate === 'retried';
    const send = (outcome: Send['outcome']): void => {
      const key = fate === 'retried' ? { idempotencyKey: `k${id}` } : {};
      const times = { sentAt: now, answeredAt: now + 1 };
      observation.sends.push({ id, fromUser, toUser: 'b', content: `c${id}`, ...key, ...times, outcome });
      now += 2;
    };
    if (written) {
      const { offset } = append(partition, messageId);
      const conversationId = `${fromUser}:b`;
      observation.stored.push({ messageId, conversationId, fromUser, content: `c${id}`, partition, offset });
    }
    if (fate === 'refused') send({ type: 'refused', code: 'overloaded' });
    else if (fate !== 'acked') send({ type: 'unknown', cause: 'no answer' });
    // The repetition is written too, and is not stored again.
    if (fate === 'retried') append(partition, messageId);
    if (fate === 'acked' || fate === 'retried') {
      send({ type: 'acked', messageId });
      observation.readsAfterWrite.push({ messageId, found: true, at: now });
    }
    if (poison) {
      const { offset } = append(partition, undefined);
      observation.deadLetters.push({ partition, offset, reason: 'unreadable' });
    }
    walkAll(observation, now);
  }
  const digests = new Map(observation.stored.map(({ messageId, content }) => [messageId, content]));
  for (const member of ['mongo-1', 'mongo-2', 'mongo-3']) observation.members.set(member, new Map(digests));
  return observation;
};

const walkAll = ({ walks, stored }: Observation, startedAt: number): void => {
  for (const [conversationId, rows] of Map.groupBy(stored, (row) => row.conversationId))
    walks.push({ reader: 'r', conversationId, startedAt, messageIds: rows.map(({ messageId }) => messageId) });
};

const plan = fc.array(
  fc.record({
    conversation: fc.nat(3),
    fate: fc.constantFrom('acked' as const, 'refused', 'lost', 'lost-but-written', 'retried'),
    poison: fc.boolean(),
  }),
  { maxLength: 25 },
);

const brokenBy = (observation: Observation): Invariant[] =>
  check(observation).flatMap(({ invariant, broken }) => (broken > 0 ? [invariant] : []));

test('a run that keeps every promise breaks no invariant, whatever was refused, lost or retried', () => {
  fc.assert(fc.property(plan, (steps) => expect(brokenBy(honestRun(steps))).toEqual([])));
});

/** Six messages of one conversation, a poison record between, one of each fate. */
const RUN = () =>
  honestRun([
    { conversation: 0, fate: 'acked', poison: false },
    { conversation: 0, fate: 'acked', poison: true },
    { conversation: 0, fate: 'refused', poison: false },
    { conversation: 0, fate: 'lost-but-written', poison: false },
    { conversation: 0, fate: 'retried', poison: false },
    { conversation: 1, fate: 'acked', poison: false },
  ]);

const rowOf = ({ stored }: Observation, messageId: string): StoredRow =>
  stored.find((row) => row.messageId === messageId)!;

const forget = (run: Observation, messageId: string): void => {
  run.stored = run.stored.filter((row) => row.messageId !== messageId);
};

/** Stores it once more, as a system without the unique index would: from a record of its own. */
const storeAgain = (run: Observation, messageId: string): void => {
  const row = rowOf(run, messageId);
  const offset = run.logEnds.get(row.partition)!;
  run.logEnds.set(row.partition, offset + 1);
  run.log.push({ partition: row.partition, offset, messageId });
  run.stored.push({ ...row, offset });
};

const swap = (run: Observation, one: string, other: string): void => {
  const [a, b] = [rowOf(run, one), rowOf(run, other)];
  [a.offset, b.offset] = [b.offset, a.offset];
  for (const record of run.log) {
    if (record.partition !== a.partition) continue;
    if (record.messageId === one) record.messageId = other;
    else if (record.messageId === other) record.messageId = one;
  }
};

test.each<[string, Invariant, (run: Observation) => void]>([
  ['an acknowledged message is lost', 'acked-exactly-once', (run) => forget(run, 'm0')],
  ['an acknowledged message is stored twice', 'acked-exactly-once', (run) => storeAgain(run, 'm0')],
  ['an id is stored twice', 'no-duplicate', (run) => storeAgain(run, 'm3')],
  ['a message of unknown outcome is stored twice', 'unknown-at-most-once', (run) => storeAgain(run, 'm3')],
  [
    'a refused message is stored',
    'refused-never-stored',
    (run) => run.stored.push({ ...rowOf(run, 'm0'), messageId: 'm2', content: 'c2' }),
  ],
  [
    'a retry under one key was acknowledged as another message',
    'no-duplicate',
    (run) => run.sends.push({ ...run.sends.at(-2)!, id: 99, outcome: { type: 'acked', messageId: 'another' } }),
  ],
  ['a reader saw two messages swapped', 'one-order', (run) => void run.walks.at(-2)!.messageIds.reverse()],
  ['a page skipped a message', 'one-order', (run) => void run.walks.at(-2)!.messageIds.splice(1, 1)],
  ['the log has two messages the wrong way round', 'real-time-order', (run) => swap(run, 'm0', 'm1')],
  ['what a 201 promised was not found', 'read-your-writes', (run) => void (run.readsAfterWrite[0]!.found = false)],
  ['a later walk lacks what an earlier one saw', 'monotonic-pages', (run) => void run.walks.at(-2)!.messageIds.shift()],
  ['a member lacks a message', 'members-equal', (run) => void run.members.get('mongo-2')!.delete('m0')],
  ['a member has another content', 'members-equal', (run) => void run.members.get('mongo-3')!.set('m0', 'other')],
  ['a record was committed and not stored', 'offsets-covered', (run) => forget(run, 'm3')],
  ['a poison record has vanished', 'offsets-covered', (run) => void run.deadLetters.pop()],
  [
    'a stored message is a dead letter too',
    'offsets-covered',
    (run) => run.deadLetters.push({ partition: 0, offset: rowOf(run, 'm0').offset, reason: 'bug' }),
  ],
])('that %s breaks %s', (_, invariant, spoil) => {
  const run = RUN();
  spoil(run);
  const verdict = check(run).find((one) => one.invariant === invariant);
  expect(verdict).toMatchObject({ invariant, broken: expect.any(Number) });
  expect(verdict!.broken).toBeGreaterThan(0);
  expect(verdict!.smallest).toBeDefined();
});

test('any acknowledged message that is taken from any honest run is found missing, and it is the witness', () => {
  fc.assert(
    fc.property(plan, fc.nat(), (steps, pick) => {
      const run = honestRun(steps);
      const acked = run.sends.filter(({ outcome }) => outcome.type === 'acked');
      fc.pre(acked.length > 0);
      const victim = acked[pick % acked.length]!;
      forget(run, `m${victim.id}`);
      const verdict = check(run).find(({ invariant }) => invariant === 'acked-exactly-once')!;
      expect(verdict.broken).toBe(1);
      expect(verdict.smallest!.witness['sends']).toContainEqual(victim);
    }),
  );
});

test('a conflict that only ingest saw is accepted when its record is a dead letter that says so, and lost when not', () => {
  const run = RUN();
  const offset = run.logEnds.get(0)!;
  run.logEnds.set(0, offset + 1);
  run.log.push({ partition: 0, offset, messageId: 'm4' });
  const original = run.sends.find(({ idempotencyKey }) => idempotencyKey !== undefined)!;
  const times = { sentAt: 900, answeredAt: 901 };
  run.sends.push({ ...original, ...times, id: 98, content: 'other body', outcome: { type: 'acked', messageId: 'm4' } });
  expect(brokenBy(run)).toEqual(['acked-exactly-once']);
  run.deadLetters.push({ partition: 0, offset, reason: 'idempotency_conflict' });
  expect(brokenBy(run)).toEqual([]);
});
