import { deadLetterTopicOf, wallNow } from '@wiber/contracts';
import type { DeadLetterPruner } from '@wiber/mongo';
import type { Lead, LeaderTask } from './leader.task.ts';

const DAY_MS = 86_400_000;
/** Letters of one delete. */
const BATCH = 1000;

export interface DeadLetterRetentionPorts {
  pruner: DeadLetterPruner;
  /** The topic of the messages. */
  topic: string;
  retentionDays: number;
}

/** Takes letters that were replayed or discarded long ago from the list of dead letters. */
export class DeadLetterRetentionTask implements LeaderTask {
  readonly name = 'dead-letter-retention';
  readonly periodMs = 600_000;
  private readonly ports: DeadLetterRetentionPorts;

  constructor(ports: DeadLetterRetentionPorts) {
    this.ports = ports;
  }

  async run(lead: Lead): Promise<void> {
    const { pruner, topic, retentionDays } = this.ports;
    const keptMs = retentionDays * DAY_MS;
    const next = { dlqTopic: deadLetterTopicOf(topic), endedBefore: wallNow() - keptMs, keptMs, limit: BATCH };
    const prune = () => pruner.prune({ ...next, fence: lead.fence });
    while (lead.isValid() && !lead.signal.aborted && (await prune()) === BATCH);
  }
}
