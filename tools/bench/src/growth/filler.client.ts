import { join } from 'node:path';
import { firstLineOf, startNode } from '../processes/child.process.ts';
import type { Workload } from '../load/growth.workload.ts';

/** The job of a filler process, as JSON in its first argument. */
export interface FillJob {
  brokers: string[];
  topic: string;
  workload: Workload;
  /** The number of the first message. */
  from: number;
  count: number;
}

/** Writes messages into the topic; resolves once Kafka has all of them. */
export const fillTopic = async (job: FillJob): Promise<void> => {
  const child = startNode([join(import.meta.dirname, 'filler.process.ts'), JSON.stringify(job)]);
  await firstLineOf(child, 'the filler');
};
