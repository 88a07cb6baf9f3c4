import {
  SORTS,
  usersIn,
  type LogRow,
  type Observation,
  type Send,
  type Sort,
  type StoredRow,
  type UserWalk,
} from './observation.ts';

/** The answers that the tries of a message get, and whether its record is written. */
export type Fate =
  | 'acked'
  | 'refused'
  | 'lost'
  | 'lost-but-written'
  /** Written, without an answer. The retry is written too, and acknowledged. */
  | 'retried'
  | 'refused-then-acked'
  | 'acked-then-refused'
  /** Without an answer and then refused. The record of the first try is written after the refusal. */
  | 'lost-then-refused';

/** One send of a made-up run. */
export interface PlannedSend {
  conversation: number;
  fate: Fate;
  /** Whether a poison record follows it in the log. */
  poison: boolean;
}

const PARTITIONS = 2;

/** For specs: what a correct system may leave behind after refusals, lost answers, retries and poison. */
export const correctRun = (plan: PlannedSend[]): Observation => {
  const run = emptyRun();
  const clock = { now: 0 };
  for (const [id, planned] of plan.entries()) {
    addSend(run, { id, ...planned }, clock);
    for (const sort of SORTS) addWalks(run, { walks: run.walks, sort, startedAt: clock.now });
  }
  for (const sort of SORTS) addWalks(run, { walks: run.finalWalks, sort, startedAt: clock.now });
  run.userWalks = userWalksOf(run);
  const digests = new Map(run.stored.map(({ messageId, content }) => [messageId, content]));
  for (const member of ['mongo-1', 'mongo-2', 'mongo-3']) run.members.set(member, new Map(digests));
  return run;
};

const emptyRun = (): Observation => ({
  sends: [],
  walks: [],
  finalWalks: [],
  userWalks: [],
  readsAfterWrite: [],
  stored: [],
  members: new Map(),
  logEnds: new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, 0])),
  log: [],
  clockToleranceMs: 2,
  deadLetters: [],
  earlierLogs: [],
  poison: [],
  foreign: [],
  probes: [],
  outages: [],
  topicRisks: [],
});

const addSend = (
  run: Observation,
  { id, conversation, fate, poison }: PlannedSend & { id: number },
  clock: { now: number },
): void => {
  const partition = conversation % PARTITIONS;
  const fromUser = `a${conversation}`;
  const messageId = `m${id}`;
  const body = { messageId, fromUser, toUser: 'b', content: `c${id}` };
  const keyed = fate === 'retried' || fate.includes('-then-') ? { idempotencyKey: `k${id}` } : {};
  const answer = (outcome: Send['outcome']): void => {
    run.sends.push({
      ...{ id, fromUser, toUser: 'b', content: body.content, ...keyed },
      ...{ sentAt: clock.now, answeredAt: clock.now + 1, outcome },
    });
    clock.now += 2;
  };
  const write = (): void => {
    const { offset } = appendRecord(run, { partition, ...body, digest: `${messageId} first`, appendedAt: clock.now });
    // Timestamps repeat and do not follow the log order, as with the clocks of two gateways.
    const timestamp = 1000 + ((id * 7) % 5);
    run.stored.push({ ...body, conversationId: `${fromUser}:b`, timestamp, partition, offset });
  };
  const acknowledge = (): void => {
    answer({ type: 'acked', messageId });
    run.readsAfterWrite.push({ messageId, found: true, at: clock.now });
  };
  // The retry is written to the log too, and is not stored again.
  const writeAgain = (): void =>
    void appendRecord(run, { partition, ...body, digest: `${messageId} again`, appendedAt: clock.now });
  const refuse = (): void => answer({ type: 'refused', code: 'overloaded', status: 503 });
  const lose = (): void => answer({ type: 'unknown', cause: 'no answer' });
  const steps: Record<Fate, (() => void)[]> = {
    acked: [write, acknowledge],
    refused: [refuse],
    lost: [lose],
    'lost-but-written': [write, lose],
    retried: [write, lose, writeAgain, acknowledge],
    'refused-then-acked': [refuse, write, acknowledge],
    'acked-then-refused': [write, acknowledge, refuse],
    'lost-then-refused': [lose, refuse, write],
  };
  for (const step of steps[fate]) step();
  if (poison) addPoison(run, { partition, digest: `poison ${id}`, reason: 'unreadable' });
};

/** Later than every send of a made-up run. */
const AFTER_ALL_SENDS_MS = 1_000_000;

/** Appends a record to the end of its partition, after all sends unless another time is given. */
export const appendRecord = (
  run: Observation,
  row: Omit<LogRow, 'offset' | 'appendedAt'> & { appendedAt?: number },
): LogRow => {
  const offset = run.logEnds.get(row.partition)!;
  run.logEnds.set(row.partition, offset + 1);
  const appended = { appendedAt: AFTER_ALL_SENDS_MS, ...row, offset };
  run.log.push(appended);
  return appended;
};

/** Adds a poison record and its dead letter. At odd offsets the topic holds the dead letter twice: it is at least once. */
const addPoison = (
  run: Observation,
  { partition, digest, reason }: { partition: number; digest: string; reason: string },
): void => {
  const { offset } = appendRecord(run, { partition, digest, messageId: undefined });
  run.poison.push({ kind: reason, reason, digest, acked: true });
  for (let copies = 1 + (offset % 2); copies > 0; copies -= 1)
    run.deadLetters.push({ partition, offset, reason, digest });
};

const sortedIds = (rows: StoredRow[], sort: Sort): string[] =>
  rows
    .toSorted((a, b) =>
      sort === 'log' ? a.offset - b.offset : a.timestamp - b.timestamp || a.messageId.localeCompare(b.messageId, 'en'),
    )
    .map(({ messageId }) => messageId);

/** Every user of a send has a walk, also one without a stored message. */
const userWalksOf = ({ sends, stored }: Observation): UserWalk[] =>
  usersIn(sends).map((user) => {
    const rows = stored.filter(({ fromUser, toUser }) => fromUser === user || toUser === user);
    return { user, messageIds: sortedIds(rows, 'timestamp').reverse() };
  });

const addWalks = (
  { stored }: Observation,
  { walks, sort, startedAt }: { walks: Observation['walks']; sort: Sort; startedAt: number },
): void => {
  for (const [conversationId, rows] of Map.groupBy(stored, (row) => row.conversationId))
    walks.push({ reader: 'r', conversationId, sort, startedAt, messageIds: sortedIds(rows, sort) });
};
