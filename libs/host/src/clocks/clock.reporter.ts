import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ClockOwner, OwnClock, StoreClocks } from '@wiber/mongo';
import { METRIC, type WiberLogger } from '@wiber/observability';
import { Gauge } from 'prom-client';

/** From one measurement to the next, in milliseconds: each is one write. */
const PERIOD_MS = 60_000;
/** Until the first one, and doubled after each failure. */
const FIRST_MS = 500;
/** How long each call may take, in milliseconds. */
const WITHIN_MS = 5000;
/** Failures in a row after which a line says so: one alone is a failover. */
const FAILURES_SAID = 4;

export interface ClockReporterPorts {
  clocks: Pick<StoreClocks, 'own' | 'report'>;
  owner: ClockOwner;
  logger: Pick<WiberLogger, 'warn' | 'info'>;
}

/**
 * Compares the clock of this process with that of MongoDB's primary, shows the difference as metrics, and writes it down for
 * /stats/clocks. Nothing waits for it, and its failures end nothing.
 */
export class ClockReporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ports: ClockReporterPorts;
  private timer: NodeJS.Timeout | undefined;
  private own: OwnClock | undefined;
  private failures = 0;
  private isEnded = false;

  constructor(ports: ClockReporterPorts) {
    this.ports = ports;
    this.gauge(
      METRIC.storeClockOffset,
      "How far the clock of this process is ahead of that of MongoDB's primary, in seconds; negative: it is behind.",
      ({ offsetMs }) => offsetMs,
    );
    this.gauge(
      METRIC.storeClockUncertainty,
      'The true offset is within this of wiber_store_clock_offset_seconds: half of the round trip.',
      ({ uncertaintyMs }) => uncertaintyMs,
    );
  }

  onApplicationBootstrap(): void {
    this.next(FIRST_MS);
  }

  beforeApplicationShutdown(): void {
    this.isEnded = true;
    clearTimeout(this.timer);
  }

  private next(afterMs: number): void {
    if (!this.isEnded) this.timer = setTimeout(() => void this.look(), afterMs).unref();
  }

  private async look(): Promise<void> {
    const { clocks, owner, logger } = this.ports;
    try {
      this.own = await clocks.own(WITHIN_MS);
      await clocks.report(owner, this.own, WITHIN_MS);
      if (this.failures >= FAILURES_SAID)
        logger.info('the clock of this process is compared with that of MongoDB again');
      this.failures = 0;
      this.next(PERIOD_MS);
    } catch (error) {
      this.failures += 1;
      // A value that is not measured any more must not look as if it were.
      this.own = undefined;
      if (this.failures === FAILURES_SAID && !this.isEnded)
        logger.warn({ error }, 'the clock of this process can not be compared with that of MongoDB; trying again');
      this.next(this.failures < FAILURES_SAID ? FIRST_MS * 2 ** this.failures : PERIOD_MS / 2);
    }
  }

  private gauge(name: string, help: string, msOf: (own: OwnClock) => number): void {
    const current = () => this.own;
    new Gauge({
      name,
      help,
      collect() {
        this.remove();
        const own = current();
        if (own) this.set(msOf(own) / 1000);
      },
    });
  }
}
