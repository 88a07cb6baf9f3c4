import { Gauge } from 'prom-client';
import { METRIC } from './metric.names.ts';

/** Shows the settings of the topic that this process found unsafe at its start. */
export class TopicBoard {
  private readonly gauge = new Gauge({
    name: METRIC.topicRisks,
    help: '1 for each setting of the topic that may lose messages, as it was at the start of this process.',
    labelNames: ['setting'],
  });

  show(risks: readonly { setting: string }[]): void {
    this.gauge.reset();
    for (const { setting } of risks) this.gauge.set({ setting }, 1);
  }
}
