import type { ReadFigures } from '@wiber/host';
import { METRIC, metricSum } from '@wiber/observability';

/** What a pulse of a metrics worker says: whether it leads, by its own clock. */
export const workerFigures: ReadFigures<'metrics'> = async () => {
  const leads = (await metricSum(METRIC.leader)) === 1;
  return { leads, ...(leads ? { term: await metricSum(METRIC.leaderTerm) } : {}) };
};
