import type { LeaseFence } from '@wiber/resilience';
import { STREAMS, WINDOW_SIZES, type Stream, type WindowSize } from '@wiber/contracts';
import { wholeOf } from '../connection/stored.number.ts';
import type { PartitionGauges, ProgressDocument } from './progress.schema.ts';

/** What was counted of one stream. */
export interface StreamAdvance {
  /** Where counting begins in partitions that nobody has counted yet. The first writer that says it decides. */
  begin: ReadonlyMap<number, number>;
  /** By partition: everything before this position is counted, for good. The largest position counts. */
  next: ReadonlyMap<number, number>;
  /** In milliseconds: everything of an earlier time is counted. The largest time counts. Undefined: not known. */
  completeTo: number | undefined;
  /** Whether all partitions were looked at; those that are stopped aside. */
  isWhole?: boolean;
  gauges: ReadonlyMap<number, PartitionGauges>;
  /** Partitions that the topic does not have any more: their gauges go. */
  gone?: ReadonlySet<number>;
}

/** What a leader writes after it has counted. */
export interface Advance {
  /** The id of the progress that was gone on from; undefined: go on from any, or begin one. */
  progressId?: string;
  /** How often that one was written. One that was written less often now is an earlier one. */
  writes?: number;
  /** Of the leader that writes. */
  fence: LeaseFence;
  /** How long windows are shown after their end, in milliseconds. */
  keptMs: Readonly<Record<WindowSize, number>>;
  streams: ReadonlyMap<Stream, StreamAdvance>;
}

/** How far a topic is counted, and what the leader has seen of it. */
export interface Progress {
  id: string;
  /** How often it was written. */
  writes: number;
  /** Integer milliseconds by MongoDB's clock: the last write. */
  at: number;
  /** As `at`: since then no stream has looked at all its partitions; 0 where one never has. */
  countedAt: number;
  term: number;
  begin: Record<Stream, Map<number, number>>;
  next: Record<Stream, Map<number, number>>;
  completeTo: Record<Stream, number>;
  gauges: Record<Stream, Map<number, PartitionGauges>>;
  /** By size: for how long windows are shown after their end, in milliseconds. */
  keptMs: Partial<Record<WindowSize, number>>;
}

/**
 * Thrown when the progress that a worker goes on from is not stored any more, as after an operator has dropped it or has put
 * back an earlier one from a backup. Counting begins anew, from what is stored.
 */
export class ProgressGoneError extends Error {
  override readonly name = 'ProgressGoneError';

  constructor(topic: string) {
    super(
      `the progress of the figures of ${topic} was deleted, or replaced by an earlier one, while this worker counted; counting ` +
        'begins anew where it is stored now, and figures of the time between may lack records. To count all anew, or to put back ' +
        'a backup of the figures, stop the metrics workers first',
    );
  }
}

const byPartition = <T>(entries: unknown, valueOf: (value: unknown) => T | undefined): Map<number, T> =>
  new Map(
    Object.entries((entries ?? {}) as Record<string, unknown>).flatMap(([name, entry]) => {
      const value = valueOf(entry);
      return value !== undefined && /^p\d{1,9}$/.test(name) ? [[Number(name.slice(1)), value]] : [];
    }),
  );

const gaugesOf = (value: unknown): PartitionGauges | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { end, committed, waitingSince, isStopped } = value as Record<keyof PartitionGauges, unknown>;
  return {
    ...(wholeOf(end) === undefined ? {} : { end: wholeOf(end)! }),
    ...(wholeOf(committed) === undefined ? {} : { committed: wholeOf(committed)! }),
    ...(waitingSince === null ? { waitingSince } : {}),
    ...(wholeOf(waitingSince) === undefined ? {} : { waitingSince: wholeOf(waitingSince)! }),
    ...(typeof isStopped === 'boolean' ? { isStopped } : {}),
  };
};

const byStream = <T>(value: (stream: Stream) => T): Record<Stream, T> => ({
  accepted: value('accepted'),
  stored: value('stored'),
  dead_lettered: value('dead_lettered'),
});

/** For how long windows are shown: as long as they are kept, but no longer than since the time was made longer. */
const shownMsOf = ({ at, keptMs, keptFrom }: ProgressDocument): Progress['keptMs'] =>
  Object.fromEntries(
    WINDOW_SIZES.flatMap((size) => {
      const kept = wholeOf(keptMs?.[size]);
      return kept === undefined ? [] : [[size, Math.max(0, Math.min(kept, at - (wholeOf(keptFrom?.[size]) ?? 0)))]];
    }),
  );

/** Anybody may have changed the document: what is no number is left out. */
export const progressOf = (document: ProgressDocument): Progress => {
  const { progressId, writes, at, term, begin, next, completeTo, countedAt, gauges } = document;
  return {
    id: String(progressId),
    writes: wholeOf(writes) ?? 0,
    at: wholeOf(at) ?? 0,
    countedAt: Math.min(...STREAMS.map((stream) => wholeOf(countedAt?.[stream]) ?? 0)),
    term: wholeOf(term) ?? 0,
    begin: byStream((stream) => byPartition(begin?.[stream], wholeOf)),
    next: byStream((stream) => byPartition(next?.[stream], wholeOf)),
    completeTo: byStream((stream) => wholeOf(completeTo?.[stream]) ?? 0),
    gauges: byStream((stream) => byPartition(gauges?.[stream], gaugesOf)),
    keptMs: shownMsOf(document),
  };
};
