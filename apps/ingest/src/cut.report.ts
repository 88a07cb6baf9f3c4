import type { LogPosition } from '@wiber/contracts';
import type { CutRecords, CutsSinceCommit } from '@wiber/kafka';
import { LOGGER } from './ingest.logger.ts';
import type { IngestMetrics } from './ingest.metrics.ts';

const LOST =
  'records were deleted from the log before ingest read them: their messages are lost. Set retention.ms and ' +
  'retention.bytes of the topic to -1, or let ingest catch up in time';
/** How often the loss is said again, in milliseconds: the process that met it may be the only one that knows. */
const REMIND_MS = 600_000;

/** Says aloud, and again until the process ends, that the log lost records which were not stored. */
export const reportCut =
  (metrics: Pick<IngestMetrics, 'recordsCut'>) =>
  (cut: CutRecords): void => {
    metrics.recordsCut(cut.count);
    LOGGER.error(cut, LOST);
    setInterval(() => LOGGER.error(cut, LOST), REMIND_MS).unref();
  };

/** Between two looks, in milliseconds. */
const AGAIN_MS = 5000;

export interface CutWatchPorts {
  look: (of: readonly LogPosition[]) => Promise<CutsSinceCommit>;
  report: (cut: CutRecords) => void;
  isStopping: () => boolean;
  againMs?: number;
}

/** Looks again until each of these partitions has had a leader; ingest reads the others meanwhile. Never rejects. */
export const watchUnknownCuts = async (
  unknown: readonly LogPosition[],
  { look, report, isStopping, againMs = AGAIN_MS }: CutWatchPorts,
): Promise<void> => {
  for (let left = unknown; left.length > 0;) {
    await new Promise<void>((resolve) => void setTimeout(resolve, againMs).unref());
    if (isStopping()) return;
    // Readiness reports that Kafka is away.
    const found = await look(left).catch(() => undefined);
    found?.cuts.forEach(report);
    left = found?.unknown ?? left;
  }
};
