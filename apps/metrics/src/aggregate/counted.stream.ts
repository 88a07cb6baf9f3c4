import type { Stream } from '@wiber/contracts';
import type { Progress, StatsWriter, StreamAdvance } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import type { Lead } from '../leadership/leader.task.ts';
import type { Fact } from './record.facts.ts';
import { beyond, fold } from './window.fold.ts';
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

/** Windows that are written between two looks at the lead. */
const DELTAS_AT_ONCE = 500;

/** The next records of one partition. */
export interface Stretch {
  partition: number;
  facts: readonly Fact[];
}

/** Resolves when the figures of the stretches are durable. @throws StoreUnavailableError: count the same again */
export const addStretches = async (
  stretches: readonly Stretch[],
  stream: Stream,
  { ports, round }: { ports: CountPorts; round: Round },
): Promise<void> => {
  const { topic, writer, keptMs } = ports;
  const { lead, now } = round;
  const deltas = stretches.flatMap(({ partition, facts }) =>
    fold(facts, { topic, stream, partition, now: now.earliest, latest: now.latest, keptMs }),
  );
  // A courtesy: a leader of the past that writes all the same changes nothing that was counted.
  const check = () => {
    if (!lead.isValid() || lead.signal.aborted) throw new LeadLostError();
  };
  for (let from = 0; from < deltas.length; from += DELTAS_AT_ONCE) {
    check();
    const odd = await writer.add(deltas.slice(from, from + DELTAS_AT_ONCE), { term: lead.term, beyond, check });
    for (const window of odd) ports.logger.error({ window }, ODD_WINDOW);
  }
};

const ODD_WINDOW =
  'upTo of this window is no whole number, so nothing is added to it; give it the offset of its last record, or delete it';

/** Thrown when the lead ends before a write. The position stays, so what was written is met again and changes nothing. */
export class LeadLostError extends Error {
  override readonly name = 'LeadLostError';

  constructor() {
    super('another worker leads; it counts on from the last position');
  }
}
