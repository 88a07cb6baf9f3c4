import type { StoredHistory } from '@wiber/mongo';
import type { MonotonicClock } from '@wiber/resilience';
import type { Lead, LeaderTask } from './leader.task.ts';

/** How long one piece may take, in milliseconds. */
const PIECE_MS = 5000;
/** After how long it looks again once all is counted: a partition may have got its first figures. */
const REST_MS = 60_000;

export interface StoredHistoryPorts {
  history: Pick<StoredHistory, 'countNext'>;
  /** The topic of the messages. */
  topic: string;
  now: MonotonicClock;
}

/** Counts what was stored before the first worker came, one piece a second, until all is counted. */
export class StoredHistoryTask implements LeaderTask {
  readonly name = 'stored-history';
  readonly periodMs = 1000;
  private readonly ports: StoredHistoryPorts;
  private restsUntil = -Infinity;

  constructor(ports: StoredHistoryPorts) {
    this.ports = ports;
  }

  async run(lead: Lead): Promise<void> {
    const { history, topic, now } = this.ports;
    if (now() < this.restsUntil) return;
    const hasMore = await history.countNext(topic, () => lead.fence, { withinMs: PIECE_MS });
    if (!hasMore) this.restsUntil = now() + REST_MS;
  }
}
