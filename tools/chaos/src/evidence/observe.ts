import { lastWriteTime, requireReplicated, withLogReader } from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import { rangeOf, type ClockMove } from '../checker/clock.move.ts';
import { SORTS, usersIn, type Observation, type StoredRow, type UserWalk, type Walk } from '../checker/observation.ts';
import type { Subject } from '../subject.ts';
import type { Recorder } from '../workload/recorder.ts';
import { readDeadLetterRows, readLogRows } from './log.rows.ts';
import { readStoreRows } from './store.rows.ts';
import { readWorkers, type WorkersFacts } from './workers.evidence.ts';

/** Small, so that a walk crosses many page borders: that is where paging can lose a message. */
const PAGE = 7;
/** How long servers and apps may run before the load begins, in milliseconds. */
const BEFORE_MS = 600_000;
/** How long members may take to catch up, and a gateway to give a page. */
const READ_MS = 60_000;

/** What the run itself knows of what it did. Without `workers` it does not look at the metrics workers. */
export type RunFacts = Partial<
  Pick<Observation, 'poison' | 'foreign' | 'outages' | 'topicRisks' | 'earlierLogs' | 'unsettled'>
> & { workers?: WorkersFacts | undefined; clockMoves?: readonly ClockMove[] | undefined };

/** What the clients of a run saw, and what the run left in the log and in the store. */
export const observe = async (
  subject: Subject,
  recorder: Recorder,
  {
    poison = [],
    foreign = [],
    outages = [],
    topicRisks = [],
    earlierLogs = [],
    unsettled,
    workers,
    clockMoves = [],
  }: RunFacts = {},
): Promise<Observation> => {
  const { sends, walks, readsAfterWrite, probes } = recorder;
  const { kafka, topic, mongoUri } = subject;
  const movesOf = (prefix: string) => clockMoves.filter(({ process }) => process.startsWith(prefix));
  const brokers = movesOf('kafka-');
  const run = { earliest: Date.now() - recorder.now - BEFORE_MS, latest: Date.now() };
  const { log, logEnds, deadLetters } = await withLogReader(kafka, async (reader) => ({
    ...(await readLogRows(reader, topic, (wallMs) => recorder.fromWall(rangeOf(wallMs, brokers, run).latest))),
    deadLetters: await readDeadLetterRows(reader, topic),
  }));
  // A member that was away needs some time to replicate what it missed.
  const written = await eventually(() => lastWriteTime(mongoUri), { within: READ_MS });
  await eventually(() => requireReplicated(mongoUri, written), { within: READ_MS });
  const store = await readStoreRows(subject);
  const seen = workers && { ...(await readWorkers(subject, workers)), clocks: { moves: movesOf('mongo-'), run } };
  const finalWalks = await walkAll(recorder, store.stored);
  const userWalks = await walkUsers(recorder, usersIn([...sends, ...store.stored]));
  const clients = { sends, walks, readsAfterWrite, probes, finalWalks, userWalks };
  const { clockToleranceMs } = recorder;
  const facts = { poison, foreign, outages, topicRisks, earlierLogs, unsettled, workers: seen };
  return { ...clients, log, logEnds, clockToleranceMs, deadLetters, ...store, ...facts };
};

const walkAll = async (recorder: Recorder, stored: StoredRow[]): Promise<Walk[]> => {
  const walks: Walk[] = [];
  const conversations = [...new Set(stored.map(({ conversationId }) => conversationId))];
  for (const [index, conversationId] of conversations.entries()) {
    const users = conversationId.split(':') as [string, string];
    for (const sort of SORTS) {
      const plan = { reader: 'final', users, sort, limit: PAGE, gateway: index };
      const walk = await eventually(() => requireWalk(recorder.look(plan)), { within: READ_MS });
      walks.push(walk);
    }
  }
  return walks;
};

const walkUsers = async (recorder: Recorder, users: readonly string[]): Promise<UserWalk[]> => {
  const walks: UserWalk[] = [];
  for (const [index, user] of users.entries()) {
    const plan = { reader: 'final', user, limit: PAGE, gateway: index };
    const walk = await eventually(() => requireWalk(recorder.lookAtUser(plan)), { within: READ_MS });
    walks.push(walk);
  }
  return walks;
};

const requireWalk = async <T>(looked: Promise<T | undefined>): Promise<T> => {
  const walk = await looked;
  if (!walk) throw new Error('a gateway gives no page although all is healed');
  return walk;
};
