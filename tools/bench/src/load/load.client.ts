import { join } from 'node:path';
import { firstLineOf, startNode } from '../children.ts';
import type { LoadJob, LoadResult } from './load.job.ts';

/** Runs a load to its end. */
export const runLoad = async (job: LoadJob): Promise<LoadResult> => {
  const child = startNode([join(import.meta.dirname, 'load.process.ts'), JSON.stringify(job)]);
  return JSON.parse(await firstLineOf(child, 'the load')) as LoadResult;
};

/** Answers with a status below 300. */
export const answeredWell = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);

/** @throws Error when anything but 2xx came back: a figure of refusals is no figure */
export const expectAllWell = (result: LoadResult): LoadResult => {
  if (answeredWell(result) !== result.sent) throw new Error(`not all was answered: ${JSON.stringify(result.statuses)}`);
  return result;
};
