import type { Stream } from '@wiber/contracts';
import type { Progress, StatsWriter, StreamAdvance } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import type { Lead } from '../leadership/leader.task.ts';
import type { Fact } from './record.facts.ts';
import { beyond, fold, type FactDelta } from './window.fold.ts';
import type { KeptMs } from './window.policy.ts';

/** What one round of one stream has counted. Its figures are durable. */
export interface Counted extends StreamAdvance {
  /** Whether another round at once would count more. */
  hasMore: boolean;
}

/** When a round began, in integer milliseconds: by MongoDB's clock and by this worker's. One of them may be wrong. */
export interface Clocks {
  earliest: number;
  latest: number;
}

/** One round of counting. */
export interface Round {
  lead: Lead;
  now: Clocks;
  /** How far everything was counted when the round began. */
  progress: Progress;
  /** How much it may count, as a share of the most that a round counts: over 0, up to 1. */
  share: number;
}

/** A stream that is counted in rounds. */
export interface CountedStream {
  count(round: Round): Promise<Counted>;
}

export interface CountPorts {
  /** The topic of the messages. */
  topic: string;
  writer: Pick<StatsWriter, 'add'>;
  keptMs: KeptMs;
  logger: Pick<WiberLogger, 'error'>;
}

/** The next records of one partition. */
export interface Stretch {
  partition: number;
  facts: readonly Fact[];
}

/** Resolves when the figures of the stretches are durable. @throws StoreUnavailableError, FencedError: count the same again */
export const addStretches = async (
  stretches: readonly Stretch[],
  stream: Stream,
  { ports, round }: { ports: CountPorts; round: Round },
): Promise<void> => {
  const { topic, writer, keptMs } = ports;
  const { lead, now, progress } = round;
  const deltas = stretches.flatMap(({ partition, facts }) =>
    fold(facts, { topic, stream, partition, now: now.earliest, latest: now.latest, keptMs }),
  );
  const fence = () => {
    // A courtesy: MongoDB refuses what a leader of the past writes all the same.
    if (!lead.isValid() || lead.signal.aborted) throw new LeadLostError();
    return lead.fence;
  };
  const madeAnew = ({ window, first }: FactDelta) => {
    const { partition } = window;
    const [begin = 0, next = 0] = [progress.begin[stream].get(partition), progress.next[stream].get(partition)];
    // Where counting begins anew, everything is counted again.
    if (next > begin) ports.logger.error({ topic, stream, partition, before: first }, DELETED_FIGURES);
  };
  for (const window of await writer.add(deltas, { fence, beyond, madeAnew }))
    ports.logger.error({ window }, ODD_WINDOW);
};

const ODD_WINDOW =
  'upTo of this window is no whole number, so nothing is added to it; give it the offset of its last record, or delete it';

const DELETED_FIGURES =
  'somebody deleted the figures of this partition while they were counted: what lies before this offset is in no figure any ' +
  'more. To count it again, stop all metrics workers, drop the collections of the figures, MONGO_COLLECTION with .stats, ' +
  '.busiest and .progress at its end, and start the workers again';

/** Thrown when the lead ends before a write. The position stays, so what was written is met again and changes nothing. */
export class LeadLostError extends Error {
  override readonly name = 'LeadLostError';

  constructor() {
    super('another worker leads; it counts on from the last position');
  }
}
