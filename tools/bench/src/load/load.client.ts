import { join } from 'node:path';
import { firstLineOf, startNode } from '../processes/child.process.ts';
import type { LoadJob, LoadResult } from './load.job.ts';

/** Runs a load to its end. */
export const runLoad = async (job: LoadJob): Promise<LoadResult> => {
  const child = startNode([join(import.meta.dirname, 'load.process.ts'), JSON.stringify(job)]);
  return JSON.parse(await firstLineOf(child, 'the load process')) as LoadResult;
};

/** How many answers have a 2xx status. */
export const answeredWell = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);

/** @throws Error when one answer is not 2xx: the rate of refusals is not a figure */
export const expectAllWell = (result: LoadResult): LoadResult => {
  if (answeredWell(result) !== result.sent)
    throw new Error(`not every answer is 2xx: ${JSON.stringify(result.statuses)}`);
  return result;
};
