import fc from 'fast-check';
import { check } from './checker.ts';
import { appendRecord, correctRun, type Fate } from './correct.run.ts';
import type { Observation, Sort, StoredRow } from './observation.ts';
import type { Invariant } from './violation.ts';

const FATES: Fate[] = [
  ...(['acked', 'refused', 'lost', 'lost-but-written', 'retried'] as const),
  ...(['refused-then-acked', 'acked-then-refused', 'lost-then-refused'] as const),
];

const runPlan = fc.array(
  fc.record({
    conversation: fc.nat(3),
    fate: fc.constantFrom<Fate>(...FATES),
    poison: fc.boolean(),
  }),
  { maxLength: 25 },
);

const brokenBy = (observation: Observation): Invariant[] =>
  check(observation).flatMap(({ invariant, broken }) => (broken > 0 ? [invariant] : []));

test('a correct run breaks no invariant, with any mix of refusals, lost answers, retries and answers to them', () => {
  fc.assert(fc.property(runPlan, (steps) => expect(brokenBy(correctRun(steps))).toEqual([])));
});

/** Six sends of mixed fates with one poison record among them. The last send is in a second conversation. */
const mixedRun = () =>
  correctRun([
    { conversation: 0, fate: 'acked', poison: false },
    { conversation: 0, fate: 'acked', poison: true },
    { conversation: 0, fate: 'refused', poison: false },
    { conversation: 0, fate: 'lost-but-written', poison: false },
    { conversation: 0, fate: 'retried', poison: false },
    { conversation: 1, fate: 'acked', poison: false },
  ]);

const rowOf = ({ stored }: Observation, messageId: string): StoredRow =>
  stored.find((row) => row.messageId === messageId)!;

const removeStored = (run: Observation, messageId: string): void => {
  run.stored = run.stored.filter((row) => row.messageId !== messageId);
};

/** The last of these walks in the first conversation, which has most messages. */
const lastWalk = (walks: Observation['walks'], sort: Sort): string[] =>
  walks.findLast((walk) => walk.sort === sort && walk.conversationId === 'a0:b')!.messageIds;

/** Stores a second row of a message, from a second record, as a system without the unique index would. */
const storeAgain = (run: Observation, messageId: string): void => {
  const row = rowOf(run, messageId);
  const { offset } = appendRecord(run, { ...row, digest: `${messageId} stored again` });
  run.stored.push({ ...row, offset });
};

const CONFLICT = 'idempotency_conflict';

/** Adds a dead letter for the record of a stored message. */
const addDeadLetter = (run: Observation, messageId: string, reason: string): void => {
  const { partition, offset, digest } = run.log.find((record) => record.messageId === messageId)!;
  run.deadLetters.push({ partition, offset, digest, reason });
};

/** Adds a record that another producer appended. */
const addForeign = (run: Observation, storedIn: string, conversationId: string): void => {
  const body = { messageId: 'foreign', fromUser: 'a3', content: 'foreign' };
  const { partition, offset } = appendRecord(run, { partition: 1, ...body, digest: 'foreign' });
  run.foreign.push({ kind: 'header', digest: 'foreign', acked: true, messageId: 'foreign', conversationId });
  if (storedIn !== 'stored nowhere')
    run.stored.push({ ...body, toUser: 'b', conversationId: storedIn, timestamp: 1, partition, offset });
};

const swapInLog = (run: Observation, one: string, other: string): void => {
  const [a, b] = [rowOf(run, one), rowOf(run, other)];
  [a.offset, b.offset] = [b.offset, a.offset];
  for (const record of run.log) {
    if (record.partition !== a.partition) continue;
    if (record.messageId === one) record.messageId = other;
    else if (record.messageId === other) record.messageId = one;
  }
};

test.each<[string, Invariant, (run: Observation) => void]>([
  ['an acknowledged message is lost', 'acked-exactly-once', (run) => removeStored(run, 'm0')],
  ['an acknowledged message is stored twice', 'acked-exactly-once', (run) => storeAgain(run, 'm0')],
  ['an id is stored twice', 'no-duplicate', (run) => storeAgain(run, 'm3')],
  ['a message of unknown outcome is stored twice', 'unknown-at-most-once', (run) => storeAgain(run, 'm3')],
  [
    'a refused message is stored',
    'refused-never-stored',
    (run) => run.stored.push({ ...rowOf(run, 'm0'), messageId: 'm2', content: 'c2' }),
  ],
  [
    'a retry under one key was acknowledged under another id',
    'no-duplicate',
    (run) => run.sends.push({ ...run.sends.at(-2)!, id: 99, outcome: { type: 'acked', messageId: 'another' } }),
  ],
  [
    'two messages of one sender are stored under one key',
    'no-duplicate',
    (run) => {
      const { fromUser, messageId: _, ...row } = rowOf(run, 'm4');
      run.sends.push({ ...run.sends.find(({ id }) => id === 4)!, id: 97, content: 'another body' });
      const body = { fromUser, messageId: 'm97', content: 'another body' };
      const { offset } = appendRecord(run, { ...body, partition: row.partition, digest: 'm97' });
      run.stored.push({ ...row, ...body, offset });
    },
  ],
  ['a reader saw two messages swapped', 'one-order', (run) => void lastWalk(run.walks, 'log').reverse()],
  ['a page skipped a message', 'one-order', (run) => void lastWalk(run.walks, 'log').splice(1, 1)],
  [
    'a walk by timestamp has a message twice',
    'one-order',
    (run) => void lastWalk(run.walks, 'timestamp').splice(1, 0, 'm0'),
  ],
  ['a reader saw a message that is not stored', 'one-order', (run) => void lastWalk(run.walks, 'timestamp').push('m2')],
  [
    'a page by timestamp skipped a message',
    'monotonic-pages',
    (run) => void lastWalk(run.walks, 'timestamp').splice(1, 1),
  ],
  [
    'the final walk in log order misses a message',
    'read-back-exactly-once',
    (run) => void lastWalk(run.finalWalks, 'log').pop(),
  ],
  [
    'the final walk by timestamp has a message twice',
    'read-back-exactly-once',
    (run) => void lastWalk(run.finalWalks, 'timestamp').push('m0'),
  ],
  ['a conversation has no final walk', 'read-back-exactly-once', (run) => void run.finalWalks.pop()],
  ['the pages of a user miss a message', 'user-pages-whole', (run) => void run.userWalks[0]!.messageIds.pop()],
  ['two messages are swapped in the log', 'real-time-order', (run) => swapInLog(run, 'm0', 'm1')],
  ['a message was not found after its 201', 'read-your-writes', (run) => void (run.readsAfterWrite[0]!.found = false)],
  [
    'a later walk misses a message that an earlier one saw',
    'monotonic-pages',
    (run) => void lastWalk(run.walks, 'log').shift(),
  ],
  ['a member misses a message', 'members-equal', (run) => void run.members.get('mongo-2')!.delete('m0')],
  ['a member holds another document', 'members-equal', (run) => void run.members.get('mongo-3')!.set('m0', 'other')],
  ['a record is not stored although its offset was committed', 'offsets-covered', (run) => removeStored(run, 'm3')],
  ['a poison record has no dead letter', 'offsets-covered', (run) => void (run.deadLetters = [])],
  ['a poison record has no dead letter', 'poison-dead-lettered', (run) => void (run.deadLetters = [])],
  [
    'acknowledged poison is not in the log',
    'poison-dead-lettered',
    (run) => run.poison.push({ kind: 'schema', reason: 'schema', digest: 'nowhere', acked: true }),
  ],
  [
    'a dead letter has the wrong reason',
    'poison-dead-lettered',
    (run) => void (run.deadLetters.at(-1)!.reason = 'schema'),
  ],
  [
    'a dead letter has other bytes than its record',
    'dead-letter-intact',
    (run) => void (run.deadLetters.at(-1)!.digest = 'other'),
  ],
  [
    'a dead letter names a position without a record',
    'offsets-covered',
    (run) => run.deadLetters.push({ partition: 0, offset: 99, reason: 'schema', digest: 'other' }),
  ],
  ['a valid record is a dead letter', 'only-poison-dead-lettered', (run) => addDeadLetter(run, 'm0', 'handler_error')],
  [
    'a stored message is a dead letter for a conflict with itself',
    'only-poison-dead-lettered',
    (run) => addDeadLetter(run, 'm0', CONFLICT),
  ],
  ['a stored message is also a dead letter', 'offsets-covered', (run) => addDeadLetter(run, 'm0', 'handler_error')],
  [
    'a send got no answer from a gateway that was not down',
    'answered-in-time',
    (run) => void (run.sends[3]!.outcome = { type: 'unknown', cause: 'UND_ERR_HEADERS_TIMEOUT' }),
  ],
  [
    'a probe of liveness was not answered',
    'liveness-answers',
    (run) => run.probes.push({ gateway: 'gateway-1', at: 0, ms: 5000, answered: false }),
  ],
  ['ingest does not come to the end of the log', 'settles', (run) => void (run.unsettled = '1 record is not stored')],
  [
    'an app does not say that its topic deletes records',
    'unsafe-topic-told',
    (run) => run.topicRisks.push({ app: 'ingest-1', setting: 'retention.ms', told: false }),
  ],
  ['a foreign record is not stored', 'foreign-stored', (run) => addForeign(run, 'stored nowhere', 'a3:b')],
  ['a foreign record is in another conversation', 'foreign-stored', (run) => addForeign(run, 'a0:b', 'a3:b')],
  [
    'an acknowledged foreign record is not in the log',
    'foreign-stored',
    (run) => {
      addForeign(run, 'a3:b', 'a3:b');
      run.foreign[0]!.digest = 'nowhere';
    },
  ],
  ['an offset has no record', 'offsets-covered', (run) => void run.logEnds.set(1, run.logEnds.get(1)! + 1)],
  [
    'a record with another body under a used id was dropped',
    'offsets-covered',
    (run) => void appendRecord(run, { ...rowOf(run, 'm4'), content: 'other body', digest: 'other body' }),
  ],
  [
    'a repetition is stored instead of the first record',
    'offsets-covered',
    (run) => {
      const again = run.log.find(({ digest }) => digest === 'm4 again')!;
      rowOf(run, 'm4').offset = again.offset;
    },
  ],
])('when %s, the checker reports %s', (_, invariant, breakRun) => {
  const run = mixedRun();
  breakRun(run);
  const verdict = check(run).find((candidate) => candidate.invariant === invariant);
  expect(verdict).toMatchObject({ invariant, broken: expect.any(Number) });
  expect(verdict!.broken).toBeGreaterThan(0);
  expect(verdict!.smallest).toBeDefined();
});

test('an acknowledged message removed from any correct run is reported, with its send as the witness', () => {
  fc.assert(
    fc.property(runPlan, fc.nat(), (steps, pick) => {
      const run = correctRun(steps);
      const acked = run.sends.filter(({ outcome }) => outcome.type === 'acked');
      fc.pre(acked.length > 0);
      const victim = acked[pick % acked.length]!;
      removeStored(run, `m${victim.id}`);
      const verdict = check(run).find(({ invariant }) => invariant === 'acked-exactly-once')!;
      expect(verdict.broken).toBe(1);
      expect(verdict.smallest!.witness['sends']).toContainEqual(victim);
    }),
  );
});

test('a conflict that only ingest saw is accepted when its record is a conflict dead letter, and reported otherwise', () => {
  const run = mixedRun();
  const original = run.sends.find(({ idempotencyKey }) => idempotencyKey !== undefined)!;
  const { fromUser } = original;
  const other = { fromUser, messageId: 'm4', content: 'other body', digest: 'other body' };
  const { offset } = appendRecord(run, { partition: 0, ...other });
  const times = { sentAt: 900, answeredAt: 901 };
  run.sends.push({ ...original, ...times, id: 98, content: 'other body', outcome: { type: 'acked', messageId: 'm4' } });
  expect(brokenBy(run)).toEqual(['acked-exactly-once', 'offsets-covered']);
  run.deadLetters.push({ partition: 0, offset, digest: 'other body', reason: CONFLICT });
  expect(brokenBy(run)).toEqual([]);
});

test('poison whose answer was lost may be in the log twice, once or not at all', () => {
  for (const copies of [0, 1, 2]) {
    const run = mixedRun();
    const poison = { kind: 'schema', reason: 'schema', digest: 'unsure' };
    for (let index = 0; index < copies; index += 1) {
      const { partition, offset } = appendRecord(run, { partition: 1, messageId: undefined, digest: 'unsure' });
      run.deadLetters.push({ partition, offset, reason: 'schema', digest: 'unsure' });
    }
    run.poison.push({ ...poison, acked: false });
    expect(brokenBy(run)).toEqual([]);
  }
});

test('a record of any correct run is reported when its dead letter or stored message is removed', () => {
  fc.assert(
    fc.property(runPlan, fc.nat(), (steps, pick) => {
      const run = correctRun(steps);
      fc.pre(run.log.length > 0);
      const { partition, offset, messageId } = run.log[pick % run.log.length]!;
      run.deadLetters = run.deadLetters.filter((row) => row.partition !== partition || row.offset !== offset);
      removeStored(run, messageId ?? '');
      expect(brokenBy(run)).toContain('offsets-covered');
    }),
  );
});

test('a message missing from any final walk, in either sort, is reported with its index as the witness', () => {
  fc.assert(
    fc.property(runPlan, fc.nat(), (steps, pick) => {
      const run = correctRun(steps);
      fc.pre(run.finalWalks.length > 0);
      const walk = run.finalWalks[pick % run.finalWalks.length]!;
      const at = pick % walk.messageIds.length;
      walk.messageIds.splice(at, 1);
      const verdict = check(run).find(({ broken }) => broken > 0)!;
      expect(verdict).toMatchObject({ invariant: 'read-back-exactly-once', broken: 1 });
      expect(verdict.smallest!.witness).toMatchObject({ conversationId: walk.conversationId, sort: walk.sort, at });
    }),
  );
});

test('a foreign record that is stored in the conversation of its names breaks no promise about sends or records', () => {
  const run = mixedRun();
  addForeign(run, 'a3:b', 'a3:b');
  const broken = brokenBy(run);
  for (const invariant of ['foreign-stored', 'refused-never-logged', 'offsets-covered'] as const)
    expect(broken).not.toContain(invariant);
});

test('a send without an answer is excused only by an outage of its own gateway, at its time', () => {
  const brokenWith = (outage: { gateway: string; from: number; to: number }): boolean => {
    const run = mixedRun();
    const times = { sentAt: 1000, answeredAt: 21_000 };
    const outcome = { type: 'unknown', cause: 'UND_ERR_HEADERS_TIMEOUT' } as const;
    run.sends.push({ id: 90, fromUser: 'a0', toUser: 'b', content: 'c90', gateway: 'gateway-1', ...times, outcome });
    run.outages.push(outage);
    return brokenBy(run).includes('answered-in-time');
  };
  expect(brokenWith({ gateway: 'gateway-1', from: 20_000, to: 30_000 })).toBe(false);
  expect(brokenWith({ gateway: 'gateway-2', from: 20_000, to: 30_000 })).toBe(true);
  expect(brokenWith({ gateway: 'gateway-1', from: 22_000, to: 30_000 })).toBe(true);
});

/** A run whose first log was deleted: its messages are stored, and the new log has its positions again. */
const remadeRun = (): Observation => {
  const earlier = correctRun([{ conversation: 0, fate: 'acked', poison: false }]);
  const run = correctRun([
    { conversation: 2, fate: 'refused', poison: false },
    { conversation: 2, fate: 'acked', poison: false },
  ]);
  run.earlierLogs.push(earlier.log);
  const old = earlier.stored.map((row) => ({ ...row, messageId: 'old', content: 'old' }));
  for (const record of earlier.log) Object.assign(record, { messageId: 'old', content: 'old' });
  run.sends.push(...earlier.sends.map((send) => ({ ...send, id: 80, content: 'old', outcome: OLD_ACK })));
  run.stored.push(...old);
  return run;
};
const OLD_ACK = { type: 'acked', messageId: 'old' } as const;
const ABOUT_RECORDS: Invariant[] = ['offsets-covered', 'no-duplicate', 'acked-exactly-once', 'refused-never-logged'];

test('messages of a log that was deleted and made anew may have the positions of the new one', () => {
  const run = remadeRun();
  expect(new Set(run.stored.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(1);
  expect(brokenBy(run).filter((invariant) => ABOUT_RECORDS.includes(invariant))).toEqual([]);
});

test('a lost record of the new log is reported although a message of the earlier log has its position', () => {
  const run = remadeRun();
  removeStored(run, 'm1');
  expect(brokenBy(run)).toEqual(expect.arrayContaining(['offsets-covered', 'acked-exactly-once']));
});
