import {
  DEFAULT_COLLECTION,
  DEFAULT_CONSUMER_GROUP,
  DEFAULT_DATABASE,
  DEFAULT_TOPIC,
  deadLetterTopicOf,
} from '@wiber/contracts';
import { eventually, type OwnSystem } from '@wiber/testing';
import { SORTS, type Observation, type PoisonRow, type StoredRow, type Walk } from '../checker/observation.ts';
import type { Recorder } from '../workload/recorder.ts';
import { lagOf, readDeadLetters, readLog } from './log.reader.ts';
import { readStore, requireInStep } from './store.reader.ts';

/** Small, so that a conversation has many: what a page's border loses shows only there. */
const PAGE = 7;
/** How long the healed system may take to store what it holds, and to answer again. */
const SETTLE_MS = 180_000;
const READ_MS = 60_000;

/** Resolves once ingest has dealt with every record of the log. */
export const untilSettled = (system: OwnSystem, within = SETTLE_MS): Promise<void> =>
  eventually(
    async () => {
      const lag = await lagOf(system.kafka, DEFAULT_TOPIC, DEFAULT_CONSUMER_GROUP);
      if (lag > 0) throw new Error(`${lag} records are not stored yet`);
    },
    { within },
  );

/** Resolves once each member of the replica set has had the time to take over what another has. */
const untilInStep = (system: OwnSystem): Promise<void> =>
  eventually(() => requireInStep(system.mongoUri), { within: READ_MS });

/** All that a run saw, with all that it left in the log and in the store. */
export const observe = async (
  system: OwnSystem,
  recorder: Recorder,
  poison: readonly PoisonRow[] = [],
): Promise<Observation> => {
  const { sends, walks, readsAfterWrite } = recorder;
  const log = await readLog(system.kafka, DEFAULT_TOPIC);
  const deadLetters = await readDeadLetters(system.kafka, deadLetterTopicOf(DEFAULT_TOPIC));
  const names = { database: DEFAULT_DATABASE, collection: DEFAULT_COLLECTION, members: system.run.mongo };
  await untilInStep(system);
  const store = await readStore(system.mongoUri, names);
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
