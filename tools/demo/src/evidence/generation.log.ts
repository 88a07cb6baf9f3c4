import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';

export interface Generation {
  /** As the coordinator's log writes it: local time without a zone. */
  at: string;
  /** The broker that coordinates the group: kafka-1, … */
  broker: string;
  generation: number;
  members: number;
}

/** What the coordinator of a group logs when a rebalance has ended. */
const STABILIZED = /^(\S+) INFO .* Stabilized group \S+ generation (\d+) with (\d+) members/;

export const generationOf = (line: string, broker: string): Generation | undefined => {
  const found = STABILIZED.exec(line);
  return found ? { at: found[1]!, broker, generation: Number(found[2]), members: Number(found[3]) } : undefined;
};

/**
 * The generations of ingest's group in the logs of the brokers, oldest first. No request of the classic group protocol answers
 * with the generation, except to a member.
 */
export const readGenerations = (logs: string, group = DEFAULT_CONSUMER_GROUP): Generation[] =>
  globSync(join(logs, 'kafka-*.log'))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes(`Stabilized group ${group} `))
        .flatMap((line) => generationOf(line, basename(file, '.log')) ?? []),
    )
    .sort((a, b) => a.generation - b.generation);
