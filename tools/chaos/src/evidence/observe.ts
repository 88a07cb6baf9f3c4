import { deadLetterTopicOf } from '@wiber/contracts';
import { GroupAdmin, eventually } from '@wiber/harness';
import { SORTS, type Observation, type PoisonRow, type StoredRow, type Walk } from '../checker/observation.ts';
import type { Subject } from '../subject.ts';
import type { Recorder } from '../workload/recorder.ts';
import { readDeadLetters, readLog } from './log.reader.ts';
import { readStore, requireInStep } from './store.reader.ts';

/** Small, so that a conversation has many: what a page's border loses shows only there. */
const PAGE = 7;
/** How long the healed system may take to store what it holds, and to answer again. */
const SETTLE_MS = 180_000;
const READ_MS = 60_000;

/** Resolves once ingest has dealt with every record of the log. */
export const untilSettled = ({ kafka, topic, group }: Subject, within = SETTLE_MS): Promise<void> => {
  const ingest = new GroupAdmin({
    KAFKA_BOOTSTRAP_SERVERS: kafka.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: group,
  });
  return eventually(
    async () => {
      const lag = await ingest.lag();
      if (lag > 0) throw new Error(`${lag} records are not stored yet`);
    },
    { within },
  );
};

/** All that a run saw, with all that it left in the log and in the store. */
export const observe = async (
  subject: Subject,
  recorder: Recorder,
  poison: readonly PoisonRow[] = [],
): Promise<Observation> => {
  const { sends, walks, readsAfterWrite } = recorder;
  const { kafka, topic, mongoUri } = subject;
  const log = await readLog(kafka, topic);
  const deadLetters = await readDeadLetters(kafka, deadLetterTopicOf(topic));
  // A member that was away needs some time to take over what another has.
  await eventually(() => requireInStep(mongoUri), { within: READ_MS });
  const store = await readStore(subject);
  const finalWalks = await walkAll(recorder, store.stored);
  return { sends, walks, readsAfterWrite, ...log, ...store, deadLetters, finalWalks, poison: [...poison] };
};

const walkAll = async (recorder: Recorder, stored: StoredRow[]): Promise<Walk[]> => {
  const walks: Walk[] = [];
  const conversations = [...new Set(stored.map(({ conversationId }) => conversationId))];
  for (const [index, conversationId] of conversations.entries()) {
    const users = conversationId.split(':') as [string, string];
    for (const sort of SORTS) {
      const plan = { reader: 'final', users, sort, limit: PAGE, gateway: index };
      const walk = await eventually(() => givenOrThrow(recorder.look(plan)), { within: READ_MS });
      walks.push(walk);
    }
  }
  return walks;
};

const givenOrThrow = async (looked: Promise<Walk | undefined>): Promise<Walk> => {
  const walk = await looked;
  if (!walk) throw new Error('a gateway gives no page although all is healed');
  return walk;
};
