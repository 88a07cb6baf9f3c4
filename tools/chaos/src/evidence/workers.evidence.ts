import { deadLetterTopicOf } from '@wiber/contracts';
import {
  readCountedTo,
  readKeptTerms,
  readLeadershipTrace,
  readWindows,
  recountWindows,
  withLogReader,
  type CountedTo,
} from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import type { LeaderSighting, WorkersEvidence } from '../checker/observation.ts';
import type { Subject } from '../subject.ts';
import { groupReaderOf } from './settling.ts';

/** How long the workers may take to count what is left, once all faults are healed and ingest has committed all. */
const COUNT_MS = 90_000;

/** What a run knows of its workers. */
export interface WorkersFacts {
  ttlMs: number;
  sightings: LeaderSighting[];
}

/** What the metrics workers left in the store, and a recount of it. */
export const readWorkers = async (
  subject: Subject,
  { ttlMs, sightings }: WorkersFacts,
  within = COUNT_MS,
): Promise<WorkersEvidence> => {
  const { uncounted, countedTo } = await whenCounted(subject, within);
  const windows = await readWindows(subject);
  const recount = await withLogReader(subject.kafka, (log) => recountWindows(log, subject, countedTo));
  const [trace, kept] = [await readLeadershipTrace(subject), await readKeptTerms(subject)];
  return { ttlMs, sightings, kept, ...trace, windows, recount, uncounted };
};

const NOTHING: CountedTo = { begin: {}, next: {} };

/** Waits until everything is counted. What is left then is a finding for the checker, no error. */
const whenCounted = async (
  subject: Subject,
  within: number,
): Promise<{ uncounted: string | undefined; countedTo: CountedTo }> => {
  const ingest = groupReaderOf(subject);
  const requireCounted = async (): Promise<void> => {
    const [countedTo, committed, ends] = [await readCountedTo(subject), await ingest.committed(), await ingest.ends()];
    const left = ends.flatMap((end, partition) => {
      const accepted = countedTo?.next.accepted?.get(partition) ?? 0;
      const stored = countedTo?.next.stored?.get(partition) ?? 0;
      // Ingest has never committed a partition without a record.
      const toStore = Math.max(0, committed[partition] ?? 0);
      return [
        ...(accepted === end ? [] : [`accepted of partition ${partition} is counted to ${accepted} of ${end}`]),
        ...(stored === toStore ? [] : [`stored of partition ${partition} is counted to ${stored} of ${toStore}`]),
      ];
    });
    if (left.length > 0) throw new Error(left.join(', '));
    await requireLettersCounted(subject, countedTo ?? NOTHING);
  };
  const uncounted = await eventually(requireCounted, { within }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { uncounted, countedTo: (await readCountedTo(subject)) ?? NOTHING };
};

const requireLettersCounted = async ({ kafka, topic }: Subject, { next }: CountedTo): Promise<void> => {
  const bounds = await withLogReader(kafka, (log) => log.bounds(deadLetterTopicOf(topic)));
  for (const [partition, { high }] of (bounds ?? []).entries()) {
    const counted = next.dead_lettered?.get(partition) ?? 0;
    if (counted !== high)
      throw new Error(`dead letters of partition ${partition} are counted to ${counted} of ${high}`);
  }
};
