import fc from 'fast-check';
import { check } from './checker.ts';
import { SORTS, type LogRow, type Observation, type Send, type Sort, type StoredRow } from './observation.ts';
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
    finalWalks: [],
    readsAfterWrite: [],
    stored: [],
    members: new Map(),
    logEnds: new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, 0])),
    log: [],
    deadLetters: [],
    poison: [],
  };
  let now = 0;
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
    const body = { messageId, fromUser, content: `c${id}` };
    if (written) {
      const { offset } = append(observation, { partition, ...body, digest: `${messageId} first` });
      // The clock is coarse, and not always the order of the log.
      const timestamp = 1000 + ((id * 7) % 5);
      observation.stored.push({ ...body, conversationId: `${fromUser}:b`, timestamp, partition, offset });
    }
    if (fate === 'refused') send({ type: 'refused', code: 'overloaded' });
    else if (fate !== 'acked') send({ type: 'unknown', cause: 'no answer' });
    // The repetition is written too, and is not stored again.
    if (fate === 'retried') append(observation, { partition, ...body, digest: `${messageId} again` });
    if (fate === 'acked' || fate === 'retried') {
      send({ type: 'acked', messageId });
      observation.readsAfterWrite.push({ messageId, found: true, at: now });
    }
    if (poison) poisonAt(observation, { partition, digest: `poison ${id}`, reason: 'unreadable' });
    for (const sort of SORTS) walkAll(observation, { walks: observation.walks, sort, startedAt: now });
  }
  for (const sort of SORTS) walkAll(observation, { walks: observation.finalWalks, sort, startedAt: now });
  const digests = new Map(observation.stored.map(({ messageId, content }) => [messageId, content]));
  for (const member of ['mongo-1', 'mongo-2', 'mongo-3']) observation.members.set(member, new Map(digests));
  return observation;
};

const append = (run: Observation, row: Omit<LogRow, 'offset'>): LogRow => {
  const offset = run.logEnds.get(row.partition)!;
  run.logEnds.set(row.partition, offset + 1);
  const appended = { ...row, offset };
  run.log.push(appended);
  return appended;
};

/** A poison record, found; every second dead letter stands twice in its topic, which is at least once. */
const poisonAt = (run: Observation, drop: { partition: number; digest: string; reason: string }): void => {
  const { partition, digest, reason } = drop;
  const { offset } = append(run, { partition, digest, messageId: undefined });
  run.poison.push({ kind: reason, reason, digest, acked: true });
  for (let copies = 1 + (offset % 2); copies > 0; copies -= 1)
    run.deadLetters.push({ partition, offset, reason, digest });
};

const inOrder = (rows: StoredRow[], sort: Sort): string[] =>
  rows
    .toSorted((a, b) =>
      sort === 'log' ? a.offset - b.offset : a.timestamp - b.timestamp || a.messageId.localeCompare(b.messageId, 'en'),
    )
    .map(({ messageId }) => messageId);

const walkAll = (
  { stored }: Observation,
  { walks, sort, startedAt }: { walks: Observation['walks']; sort: Sort; startedAt: number },
): void => {
  for (const [conversationId, rows] of Map.groupBy(stored, (row) => row.conversationId))
    walks.push({ reader: 'r', conversationId, sort, startedAt, messageIds: inOrder(rows, sort) });
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

/** A walk of the first conversation, which has most messages: the last one, or that when all was quiet. */
const walkOf = (walks: Observation['walks'], sort: Sort): string[] =>
  walks.findLast((walk) => walk.sort === sort && walk.conversationId === 'a0:b')!.messageIds;

/** Stores it once more, as a system without the unique index would: from a record of its own. */
const storeAgain = (run: Observation, messageId: string): void => {
  const row = rowOf(run, messageId);
  const { offset } = append(run, { ...row, digest: `${messageId} once more` });
  run.stored.push({ ...row, offset });
};

const CONFLICT = 'idempotency_conflict';

/** Makes the record of a stored message a dead letter as well. */
const bury = (run: Observation, messageId: string, reason: string): void => {
  const { partition, offset, digest } = run.log.find((record) => record.messageId === messageId)!;
  run.deadLetters.push({ partition, offset, digest, reason });
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
  [
    'a sender has two messages under one key',
    'no-duplicate',
    (run) => {
      const { fromUser, messageId: _, ...row } = rowOf(run, 'm4');
      run.sends.push({ ...run.sends.find(({ id }) => id === 4)!, id: 97, content: 'another body' });
      const body = { fromUser, messageId: 'm97', content: 'another body' };
      const { offset } = append(run, { ...body, partition: row.partition, digest: 'm97' });
      run.stored.push({ ...row, ...body, offset });
    },
  ],
  ['a reader saw two messages swapped', 'one-order', (run) => void walkOf(run.walks, 'log').reverse()],
  ['a page skipped a message', 'one-order', (run) => void walkOf(run.walks, 'log').splice(1, 1)],
  ['a reader by time saw one twice', 'one-order', (run) => void walkOf(run.walks, 'timestamp').splice(1, 0, 'm0')],
  ['a reader saw what nobody stored', 'one-order', (run) => void walkOf(run.walks, 'timestamp').push('m2')],
  ['a page by time skipped a message', 'monotonic-pages', (run) => void walkOf(run.walks, 'timestamp').splice(1, 1)],
  [
    'the last walk in log order lacks a message',
    'read-back-exactly-once',
    (run) => void walkOf(run.finalWalks, 'log').pop(),
  ],
  [
    'the last walk by time gives one twice',
    'read-back-exactly-once',
    (run) => void walkOf(run.finalWalks, 'timestamp').push('m0'),
  ],
  ['a conversation was not read back', 'read-back-exactly-once', (run) => void run.finalWalks.pop()],
  ['the log has two messages the wrong way round', 'real-time-order', (run) => swap(run, 'm0', 'm1')],
  ['what a 201 promised was not found', 'read-your-writes', (run) => void (run.readsAfterWrite[0]!.found = false)],
  ['a later walk lacks what an earlier one saw', 'monotonic-pages', (run) => void walkOf(run.walks, 'log').shift()],
  ['a member lacks a message', 'members-equal', (run) => void run.members.get('mongo-2')!.delete('m0')],
  ['a member has another content', 'members-equal', (run) => void run.members.get('mongo-3')!.set('m0', 'other')],
  ['a record was committed and not stored', 'offsets-covered', (run) => forget(run, 'm3')],
  ['a poison record has vanished', 'offsets-covered', (run) => void (run.deadLetters = [])],
  ['a poison record has vanished', 'poison-dead-lettered', (run) => void (run.deadLetters = [])],
  [
    'acknowledged poison is not in the log',
    'poison-dead-lettered',
    (run) => run.poison.push({ kind: 'schema', reason: 'schema', digest: 'nowhere', acked: true }),
  ],
  [
    'a dead letter names another reason',
    'poison-dead-lettered',
    (run) => void (run.deadLetters.at(-1)!.reason = 'schema'),
  ],
  ['a dead letter is not its record', 'dead-letter-intact', (run) => void (run.deadLetters.at(-1)!.digest = 'other')],
  [
    'a dead letter comes from nowhere',
    'offsets-covered',
    (run) => run.deadLetters.push({ partition: 0, offset: 99, reason: 'schema', digest: 'other' }),
  ],
  ['a sound record is a dead letter', 'only-poison-dead-lettered', (run) => bury(run, 'm0', 'handler_error')],
  ['a stored message is a conflict with itself', 'only-poison-dead-lettered', (run) => bury(run, 'm0', CONFLICT)],
  ['a stored message is a dead letter too', 'offsets-covered', (run) => bury(run, 'm0', 'handler_error')],
  ['an offset has no record', 'offsets-covered', (run) => void run.logEnds.set(1, run.logEnds.get(1)! + 1)],
  [
    'another body under a used id was dropped',
    'offsets-covered',
    (run) => void append(run, { ...rowOf(run, 'm4'), content: 'other body', digest: 'other body' }),
  ],
  [
    'a repetition was stored before its first record',
    'offsets-covered',
    (run) => {
      const again = run.log.find(({ digest }) => digest === 'm4 again')!;
      rowOf(run, 'm4').offset = again.offset;
    },
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
  const original = run.sends.find(({ idempotencyKey }) => idempotencyKey !== undefined)!;
  const { fromUser } = original;
  const other = { fromUser, messageId: 'm4', content: 'other body', digest: 'other body' };
  const { offset } = append(run, { partition: 0, ...other });
  const times = { sentAt: 900, answeredAt: 901 };
  run.sends.push({ ...original, ...times, id: 98, content: 'other body', outcome: { type: 'acked', messageId: 'm4' } });
  expect(brokenBy(run)).toEqual(['acked-exactly-once', 'offsets-covered']);
  run.deadLetters.push({ partition: 0, offset, digest: 'other body', reason: CONFLICT });
  expect(brokenBy(run)).toEqual([]);
});

test('poison whose answer was lost may be in the log once, twice or not at all', () => {
  for (const copies of [0, 1, 2]) {
    const run = RUN();
    const drop = { kind: 'schema', reason: 'schema', digest: 'unsure' };
    for (let index = 0; index < copies; index += 1) {
      const { partition, offset } = append(run, { partition: 1, messageId: undefined, digest: 'unsure' });
      run.deadLetters.push({ partition, offset, reason: 'schema', digest: 'unsure' });
    }
    run.poison.push({ ...drop, acked: false });
    expect(brokenBy(run)).toEqual([]);
  }
});

test('any record whose dead letter or stored message is taken from any honest run is found not covered', () => {
  fc.assert(
    fc.property(plan, fc.nat(), (steps, pick) => {
      const run = honestRun(steps);
      fc.pre(run.log.length > 0);
      const { partition, offset, messageId } = run.log[pick % run.log.length]!;
      run.deadLetters = run.deadLetters.filter((row) => row.partition !== partition || row.offset !== offset);
      forget(run, messageId ?? '');
      expect(brokenBy(run)).toContain('offsets-covered');
    }),
  );
});

test('any message that is missing from a walk when all is quiet, in either sort, is found, and it is the witness', () => {
  fc.assert(
    fc.property(plan, fc.nat(), (steps, pick) => {
      const run = honestRun(steps);
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
