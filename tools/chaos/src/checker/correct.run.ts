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

/** One send of a made-up run. */
export interface PlannedSend {
  conversation: number;
  fate: 'acked' | 'refused' | 'lost' | 'lost-but-written' | 'retried';
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
  deadLetters: [],
  poison: [],
});

const addSend = (
  run: Observation,
  { id, conversation, fate, poison }: PlannedSend & { id: number },
  clock: { now: number },
): void => {
  const partition = conversation % PARTITIONS;
  const fromUser = `a${conversation}`;
  const messageId = `m${id}`;
  const addAnswer = (outcome: Send['outcome']): void => {
    const key = fate === 'retried' ? { idempotencyKey: `k${id}` } : {};
    const times = { sentAt: clock.now, answeredAt: clock.now + 1 };
    run.sends.push({ id, fromUser, toUser: 'b', content: `c${id}`, ...key, ...times, outcome });
    clock.now += 2;
  };
  const body = { messageId, fromUser, toUser: 'b', content: `c${id}` };
  if (fate === 'acked' || fate === 'lost-but-written' || fate === 'retried') {
    const { offset } = appendRecord(run, { partition, ...body, digest: `${messageId} first` });
    // Timestamps repeat and do not follow the log order, as with the clocks of two gateways.
    const timestamp = 1000 + ((id * 7) % 5);
    run.stored.push({ ...body, conversationId: `${fromUser}:b`, timestamp, partition, offset });
  }
  if (fate === 'refused') addAnswer({ type: 'refused', code: 'overloaded' });
  else if (fate !== 'acked') addAnswer({ type: 'unknown', cause: 'no answer' });
  // The retry is written to the log too, and is not stored again.
  if (fate === 'retried') appendRecord(run, { partition, ...body, digest: `${messageId} again` });
  if (fate === 'acked' || fate === 'retried') {
    addAnswer({ type: 'acked', messageId });
    run.readsAfterWrite.push({ messageId, found: true, at: clock.now });
  }
  if (poison) addPoison(run, { partition, digest: `poison ${id}`, reason: 'unreadable' });
};

/** Appends a record to the end of its partition. */
export const appendRecord = (run: Observation, row: Omit<LogRow, 'offset'>): LogRow => {
  const offset = run.logEnds.get(row.partition)!;
  run.logEnds.set(row.partition, offset + 1);
  const appended = { ...row, offset };
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
