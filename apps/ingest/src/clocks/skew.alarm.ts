import type { WiberLogger } from '@wiber/observability';
import type { MonotonicClock } from '@wiber/resilience';

/** It is over below this share of the limit, so that a clock near the limit is not said over and over. */
const BACK_SHARE = 0.75;
/** Between two lines about one gateway, in milliseconds. */
const PAUSE_MS = 60_000;

const PAST =
  'the clock of this gateway differs from those of the brokers by more than CLOCK_SKEW_WARN_MS, or, when it is behind, its ' +
  'messages wait so long before a broker takes them; nothing is refused. Look at GET /stats/clocks and mend its time ' +
  'synchronisation: sort=timestamp shows its messages in the wrong place';
const BACK = 'the clock of this gateway is again as those of the brokers are';

export interface SkewAlarmOptions {
  /** Milliseconds, of either sign. */
  warnMs: number;
  logger: Pick<WiberLogger, 'warn' | 'info'>;
  now: MonotonicClock;
}

/** Says once when a gateway's clock goes past the limit, and once when it is back. */
export class SkewAlarm {
  private readonly options: SkewAlarmOptions;
  /** By gateway; one that is unknown is not past the limit. */
  private readonly states = new Map<string, { isPast: boolean; saidAt: number }>();

  constructor(options: SkewAlarmOptions) {
    this.options = options;
  }

  /** @param skews milliseconds by the name of each gateway */
  look(skews: ReadonlyMap<string, number>): void {
    for (const name of this.states.keys()) if (!skews.has(name)) this.states.delete(name);
    for (const [gateway, skewMs] of skews) this.lookAt(gateway, skewMs);
  }

  private lookAt(gateway: string, skewMs: number): void {
    const { warnMs, logger, now } = this.options;
    const { isPast, saidAt } = this.states.get(gateway) ?? { isPast: false, saidAt: -Infinity };
    const isPastNow = Math.abs(skewMs) > (isPast ? BACK_SHARE * warnMs : warnMs);
    if (isPastNow === isPast || now() - saidAt < PAUSE_MS) return;
    this.states.set(gateway, { isPast: isPastNow, saidAt: now() });
    if (isPastNow) logger.warn({ gateway, skewMs, limitMs: warnMs }, PAST);
    else logger.info({ gateway, skewMs, limitMs: warnMs }, BACK);
  }
}
