import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';
import {
  GroupReader,
  readCountedTo,
  readTrail,
  readWindows,
  recountWindows,
  withLogReader,
  type CountedTo,
  type FiguresNames,
} from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import type { RunEvidence } from '../checker/run.evidence.ts';

const SETTLED_WITHIN_MS = 60_000;

interface Reading {
  brokers: string[];
  names: FiguresNames;
  run: Pick<RunEvidence, 'ttlMs' | 'planned' | 'takeovers' | 'stoppedBy'>;
}

/** Reads what a run left behind, once the workers have counted everything, or have had enough time to. */
export const readEvidence = async ({ brokers, names, run }: Reading): Promise<RunEvidence> => {
  const unsettled = await untilCounted(brokers, names).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const counted = (await readCountedTo(names)) ?? { begin: {}, next: {} };
  const recount = await withLogReader(brokers, (log) => recountWindows(log, names, counted));
  const shown = await readWindows(names);
  const trail = await readTrail(names);
  return { ...run, trail, windows: { shown, recount }, ...(unsettled === undefined ? {} : { unsettled }) };
};

/** Resolves once ingest has stored the log, and the workers have counted log and store to their ends. */
const untilCounted = (brokers: string[], names: FiguresNames): Promise<void> => {
  const group = new GroupReader({
    KAFKA_BOOTSTRAP_SERVERS: brokers.join(','),
    KAFKA_TOPIC: names.topic,
    KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
  });
  return eventually(
    async () => {
      const [ends, committed, counted] = await Promise.all([group.ends(), group.committed(), readCountedTo(names)]);
      ends.forEach((end, partition) => requireEnd({ end, partition, committed, counted }));
    },
    { within: SETTLED_WITHIN_MS },
  );
};

interface End {
  end: number;
  partition: number;
  committed: readonly number[];
  counted: CountedTo | undefined;
}

const requireEnd = ({ end, partition, committed, counted }: End): void => {
  const reached = {
    ingest: Math.max(0, committed[partition] ?? 0),
    accepted: counted?.next.accepted?.get(partition) ?? 0,
    stored: counted?.next.stored?.get(partition) ?? 0,
  };
  for (const [name, next] of Object.entries(reached))
    if (next !== end) throw new Error(`${name} is at ${next} of ${end} in partition ${partition}`);
};
