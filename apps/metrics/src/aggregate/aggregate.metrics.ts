import { Injectable } from '@nestjs/common';
import type { Stream } from '@wiber/contracts';
import type { Progress } from '@wiber/mongo';
import { METRIC } from '@wiber/observability';
import { Gauge } from 'prom-client';

/** The streams that are read from the log. A partition of them may be stopped; what is stored can always be read. */
const LOG_STREAMS = ['accepted', 'dead_lettered'] as const satisfies readonly Stream[];

/** Partitions that have a value of their own; a topic may have any number, and each value is kept by Prometheus for long. */
const PARTITIONS_SHOWN = 256;

/** What the leader has seen last, and whether it still leads. */
interface Shown {
  progress: Progress;
  isLeading: () => boolean;
  /** The streams that the last round has looked at. What the others show is older, so it is not shown. */
  seen: ReadonlySet<Stream>;
}

/**
 * The metrics that only the leader has: they tell of the system, not of this process. A worker that does not lead, or whose
 * last round failed, shows no value, so that no value is older than the leader's last round. The time of the last round that
 * counted everything is always shown: an alert goes by its age.
 */
@Injectable()
export class AggregateMetrics {
  private shown: Shown | undefined;

  constructor() {
    this.gauge(METRIC.statsIngestLag, 'Records that ingest has not committed yet.', {
      streams: ['accepted', 'stored'],
      valueOf: ({ gauges }) => differenceOf(endsOf(gauges.accepted), committedOf(gauges.accepted, gauges.stored)),
    });
    this.gauge(
      METRIC.statsIngestAge,
      'How long the oldest record that ingest has not committed has waited, in seconds.',
      { streams: ['accepted', 'stored'], valueOf: ({ at, gauges }) => ageOf(at, gauges.stored) },
    );
    this.gauge(METRIC.statsUncounted, 'Records of the message topic that are not counted yet.', {
      streams: ['accepted'],
      valueOf: ({ gauges, next }) => differenceOf(endsOf(gauges.accepted), next.accepted),
    });
    this.gauge(
      METRIC.statsCountedAt,
      'When the last round that counted all streams ended, in seconds since the epoch.',
      {
        streams: [],
        valueOf: ({ countedAt }) => countedAt / 1000,
      },
    );
    this.stoppedGauge();
    this.partitionGauge();
  }

  show(progress: Progress, isLeading: () => boolean, seen: ReadonlySet<Stream>): void {
    this.shown = { progress, isLeading, seen };
  }

  /** One value for each stream, however many partitions there are. */
  private stoppedGauge(): void {
    const current = () => (this.shown?.isLeading() ? this.shown : undefined);
    new Gauge({
      name: METRIC.statsStopped,
      help: 'Partitions of which nothing more is counted until an operator acts, by stream.',
      labelNames: ['stream'],
      collect() {
        const shown = current();
        for (const stream of LOG_STREAMS) {
          if (shown?.seen.has(stream)) this.set({ stream }, stoppedOf(shown.progress.gauges[stream]));
          else this.remove({ stream });
        }
      },
    });
  }

  private partitionGauge(): void {
    const current = () => this.currentOf(['accepted', 'stored']);
    new Gauge({
      name: METRIC.statsPartitionLag,
      help: `Records of a partition that ingest has not committed yet, of the partitions below ${PARTITIONS_SHOWN}.`,
      labelNames: ['partition'],
      collect() {
        this.reset();
        const { accepted, stored } = current()?.gauges ?? {};
        for (const [partition, { end = 0 }] of accepted ?? [])
          if (partition < PARTITIONS_SHOWN)
            this.set({ partition }, Math.max(0, end - (stored?.get(partition)?.committed ?? 0)));
      },
    });
  }

  private currentOf(streams: readonly Stream[]): Progress | undefined {
    const { shown } = this;
    return shown?.isLeading() && streams.every((stream) => shown.seen.has(stream)) ? shown.progress : undefined;
  }

  private gauge(name: string, help: string, { streams, valueOf }: LeaderGauge): void {
    const current = () => this.currentOf(streams);
    new Gauge({
      name,
      help,
      collect() {
        const progress = current();
        if (progress) this.set(valueOf(progress));
        else this.remove();
      },
    });
  }
}

interface LeaderGauge {
  /** The streams that it tells of. */
  streams: readonly Stream[];
  valueOf: (progress: Progress) => number;
}

type Gauges = Progress['gauges']['accepted'];

const endsOf = (gauges: Gauges): Map<number, number> =>
  new Map([...gauges].map(([partition, { end = 0 }]) => [partition, end]));

const stoppedOf = (gauges: Gauges): number => [...gauges.values()].filter(({ isStopped }) => isStopped).length;

const committedOf = (all: Gauges, stored: Gauges): Map<number, number> =>
  new Map([...all.keys()].map((partition) => [partition, stored.get(partition)?.committed ?? 0]));

const ageOf = (at: number, stored: Gauges): number => {
  const waiting = [...stored.values()].flatMap(({ waitingSince }) => waitingSince ?? []);
  return waiting.length === 0 ? 0 : Math.max(0, at - Math.min(...waiting)) / 1000;
};

const differenceOf = (ends: ReadonlyMap<number, number>, positions: ReadonlyMap<number, number>): number =>
  [...ends].reduce((sum, [partition, end]) => sum + Math.max(0, end - (positions.get(partition) ?? 0)), 0);
