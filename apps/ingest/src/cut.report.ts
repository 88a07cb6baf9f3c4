import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { CutRecords } from '@wiber/kafka';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';

const LOST =
  'records were deleted from the log before ingest read them: their messages are lost. Set retention.ms and ' +
  'retention.bytes of the topic to -1, or let ingest catch up in time';
/** How often the loss is said again, in milliseconds: the process that met it may be the only one that knows. */
const REMIND_MS = 600_000;

/** Says aloud, and again and again, that the log lost records which were not stored. */
@Injectable()
export class CutReport implements OnApplicationShutdown {
  private lost = 0;
  private reminder: NodeJS.Timeout | undefined;

  constructor(private readonly metrics: IngestMetrics) {}

  add(cut: CutRecords): void {
    this.metrics.recordsCut(cut.count);
    LOGGER.error(cut, LOST);
    this.lost += cut.count;
    this.reminder ??= setInterval(() => LOGGER.error({ lostSinceStart: this.lost }, LOST), REMIND_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.reminder);
  }
}
