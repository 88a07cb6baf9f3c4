import type { Stream, WindowSize } from '@wiber/contracts';
import type { PartitionGauges, ProgressDocument } from './progress.schema.ts';

/** What was counted of one stream. */
export interface StreamAdvance {
  /** Where counting begins in partitions that nobody has counted yet. The first writer that says it decides. */
  begin: ReadonlyMap<number, number>;
  /** By partition: everything before this position is counted, for good. The largest position counts. */
  next: ReadonlyMap<number, number>;
  /** In milliseconds: everything of an earlier time is counted. The largest time counts. Undefined: not known. */
  completeTo: number | undefined;
  gauges: ReadonlyMap<number, PartitionGauges>;
}

/** What a leader writes after it has counted. */
export interface Advance {
  term: number;
  /** How long windows are shown after their end, in milliseconds. */
  keptMs: Readonly<Record<WindowSize, number>>;
  streams: ReadonlyMap<Stream, StreamAdvance>;
}

/** How far a topic is counted, and what the leader has seen of it. */
export interface Progress {
  /** Integer milliseconds by MongoDB's clock. */
  at: number;
  term: number;
  begin: Record<Stream, Map<number, number>>;
  next: Record<Stream, Map<number, number>>;
  completeTo: Record<Stream, number>;
  gauges: Record<Stream, Map<number, PartitionGauges>>;
  keptMs: Partial<Record<WindowSize, number>>;
}

const byPartition = <T>(entries: Record<string, T> | undefined): Map<number, T> =>
  new Map(Object.entries(entries ?? {}).map(([name, value]) => [Number(name.slice(1)), value]));

const byStream = <T>(value: (stream: Stream) => T): Record<Stream, T> => ({
  accepted: value('accepted'),
  stored: value('stored'),
  dead_lettered: value('dead_lettered'),
});

export const progressOf = ({ at, term, begin, next, completeTo, gauges, keptMs }: ProgressDocument): Progress => ({
  at,
  term,
  begin: byStream((stream) => byPartition(begin?.[stream])),
  next: byStream((stream) => byPartition(next?.[stream])),
  completeTo: byStream((stream) => completeTo?.[stream] ?? 0),
  gauges: byStream((stream) => byPartition(gauges?.[stream])),
  keptMs: keptMs ?? {},
});
