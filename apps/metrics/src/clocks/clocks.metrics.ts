import { Injectable } from '@nestjs/common';
import type { ClockDto, ClocksDto } from '@wiber/contracts';
import { METRIC } from '@wiber/observability';
import { Gauge } from 'prom-client';

/** The leader's last look at the clocks. A worker that does not lead shows no value. */
@Injectable()
export class ClocksMetrics {
  private shown: { seen: ClocksDto; isLeading: () => boolean } | undefined;

  constructor() {
    this.gauge(
      METRIC.statsClockOffset,
      "How far a clock is ahead of that of MongoDB's primary, in seconds; negative: it is behind. Without an uncertainty it is this or more.",
      ({ offsetMs }) => offsetMs,
    );
    this.gauge(
      METRIC.statsClockUncertainty,
      'The true offset is within this of wiber_stats_clock_offset_seconds.',
      ({ uncertaintyMs }) => uncertaintyMs,
    );
  }

  show(seen: ClocksDto, isLeading: () => boolean): void {
    this.shown = { seen, isLeading };
  }

  private gauge(name: string, help: string, msOf: (clock: ClockDto) => number | undefined): void {
    const current = () => (this.shown?.isLeading() ? this.shown.seen.clocks : []);
    new Gauge({
      name,
      help,
      labelNames: ['kind', 'clock'],
      collect() {
        this.reset();
        for (const clock of current()) {
          const ms = msOf(clock);
          if (ms !== undefined) this.set({ kind: clock.kind, clock: clock.name }, ms / 1000);
        }
      },
    });
  }
}
