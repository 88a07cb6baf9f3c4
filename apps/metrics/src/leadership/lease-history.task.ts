import type { LeaseHistory } from '@wiber/mongo';
import type { Lead, LeaderTask } from './leader.task.ts';

const DAY_MS = 86_400_000;

export interface LeaseHistoryPorts {
  history: LeaseHistory;
  /** The name of the lease. */
  lease: string;
  retentionDays: number;
}

/**
 * Writes down who led before, and that this process leads now. The terms change only when the leader does, so it writes once
 * in a term; its period is that of its tries.
 */
export class LeaseHistoryTask implements LeaderTask {
  readonly name = 'lease-history';
  readonly periodMs = 5000;
  private readonly ports: LeaseHistoryPorts;
  private keptIn: number | undefined;

  constructor(ports: LeaseHistoryPorts) {
    this.ports = ports;
  }

  async run({ term }: Lead): Promise<void> {
    if (this.keptIn === term) return;
    const { history, lease, retentionDays } = this.ports;
    await history.keep(lease, retentionDays * DAY_MS);
    this.keptIn = term;
  }
}
