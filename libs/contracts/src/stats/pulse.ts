import type { BreakerState, GatewayLook, IngestLook, WorkerLook } from './look.ts';

export const PULSE_APPS = ['gateway', 'ingest', 'metrics'] as const;
export type PulseApp = (typeof PULSE_APPS)[number];

/** Bounds of one pulse. What an app has more of is left out. */
export const PULSE_MAX = { breakers: 20, partitions: 1000, bounds: 40, seen: 100 } as const;

/** How many values a process has seen since its start, by bucket, as Prometheus counts them. */
export interface CountedTimes {
  /** The upper bounds of the buckets, in seconds; the last one is above all of them. */
  bounds: number[];
  /** How many values are at or below each bound; one more at the end: all. */
  counts: number[];
}

/** Counters since the start of the process, and what is so now. */
export interface PulseFigures {
  gateway: { accepted: number; refused: number } & Pick<GatewayLook, 'waiting' | 'queued'>;
  ingest: { stored: number; deadLettered: number; latency: CountedTimes } & Pick<
    IngestLook,
    'hasJoined' | 'partitions' | 'pausedPartitions'
  >;
  metrics: Pick<WorkerLook, 'leads' | 'term'>;
}

interface PulseOf<App extends PulseApp> {
  app: App;
  instance: string;
  /** Names the process: another one under the same instance has another. */
  process: string;
  /** Other processes under the same instance whose pulses came before this one, directly or through each other; the newest first. */
  seen: string[];
  /** Whether another process under the same instance lives as well. */
  isShared: boolean;
  /** Grows by one with each pulse of the process. */
  sequence: number;
  /** Milliseconds since the process started, by its monotonic clock. */
  upMs: number;
  /** CPU time since the process started, in milliseconds. */
  cpuMs: number;
  rssBytes: number;
  isStopping: boolean;
  /** Those that are not closed first. */
  breakers: { name: string; state: BreakerState }[];
  figures: PulseFigures[App];
}

/** A sign of life of one process: it writes one each second while somebody looks. */
export type Pulse = { [App in PulseApp]: PulseOf<App> }[PulseApp];
