import type { OnApplicationShutdown } from '@nestjs/common';
import { METRIC } from '@wiber/observability';
import { Gauge } from 'prom-client';
import type { GatewayClocks } from './gateway.clocks.ts';
import type { SkewAlarm } from './skew.alarm.ts';

/** From one look to the next, in milliseconds. */
const LOOK_MS = 5000;

/** Shows the skew of each gateway at each scrape, and looks at it for the alarm. */
export class ClockWatch implements OnApplicationShutdown {
  private readonly timer: NodeJS.Timeout;

  constructor(clocks: GatewayClocks, alarm: SkewAlarm) {
    new Gauge({
      name: METRIC.clockSkew,
      help: 'How far the clock of a gateway is ahead of those of the brokers, in seconds; negative: it is behind.',
      labelNames: ['gateway'],
      collect() {
        this.reset();
        for (const [gateway, skewMs] of clocks.skews()) this.set({ gateway }, skewMs / 1000);
      },
    });
    this.timer = setInterval(() => alarm.look(clocks.skews()), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
