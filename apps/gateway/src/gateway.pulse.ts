import type { ReadFigures } from '@wiber/host';
import { METRIC, metricSum } from '@wiber/observability';

/** What a pulse of a gateway says: the values of its metrics. */
export const gatewayFigures: ReadFigures<'gateway'> = async () => ({
  accepted: await metricSum(METRIC.accepted),
  refused: await metricSum(METRIC.refused),
  waiting: await metricSum(METRIC.waits),
  queued: await metricSum(METRIC.laneDepth),
});
