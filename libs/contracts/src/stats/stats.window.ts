import { LISTED_REASONS, type ListedReason } from '../dead-letter.ts';
import { sampleOf, type DistinctSample } from './distinct.sample.ts';
import { BIN_LAST, type Bins } from './latency.histogram.ts';

/**
 * What is counted. accepted: records of the message topic, by the time of the broker that appended them. dead_lettered:
 * records of the dead-letter topic, likewise. stored: documents of the store, by the time at which ingest stored them.
 */
export const STREAMS = ['accepted', 'stored', 'dead_lettered'] as const;
export type Stream = (typeof STREAMS)[number];

/** The length of the windows of each size, in milliseconds. */
export const WINDOW_MS = { second: 1000, minute: 60_000, hour: 3_600_000 } as const;
export type WindowSize = keyof typeof WINDOW_MS;
export const WINDOW_SIZES = Object.keys(WINDOW_MS) as WindowSize[];

/** `total`: one window for all time, which starts at 0. */
export type Span = WindowSize | 'total';

/** How many hashes the sample of distinct users or conversations keeps. Fewer distinct names are counted exactly. */
export const SAMPLE_SIZE: Readonly<Record<Span, number>> = { second: 64, minute: 256, hour: 1024, total: 1024 };

/** The figures of one window. Those of its parts are merged: counts by addition, samples by `sampleOf`. */
export interface Figures {
  counts: Readonly<Record<string, number>>;
  samples: Readonly<Record<string, DistinctSample>>;
}

/** The names of the counts and samples that no bin and no reason has. */
export const COUNT = { records: 'records', bytes: 'bytes', negative: 'latency_negative' } as const;
export const SAMPLE = { users: 'users', conversations: 'conversations' } as const;

const REASON = 'reason_';
const LATENCY = 'latency_b';

export const reasonCount = (reason: ListedReason): string => REASON + reason;
export const latencyCount = (bin: number): string => LATENCY + bin;

/** The start of the window that holds a time; 0 of `total`. */
export const startOf = (span: Span, at: number): number =>
  span === 'total' ? 0 : Math.floor(at / WINDOW_MS[span]) * WINDOW_MS[span];

export const mergeFigures = (parts: readonly Figures[], sampleSize: number): Figures => {
  const counts: Record<string, number> = {};
  const samples = new Map<string, DistinctSample[]>();
  for (const part of parts) {
    for (const name of Object.keys(part.counts)) counts[name] = (counts[name] ?? 0) + part.counts[name]!;
    for (const name of Object.keys(part.samples)) {
      const present = samples.get(name);
      if (present) present.push(part.samples[name]!);
      else samples.set(name, [part.samples[name]!]);
    }
  }
  const merged = [...samples].map(([name, some]) => [name, sampleOf(some, sampleSize)] as const);
  return { counts, samples: Object.fromEntries(merged) };
};

export const latencyOf = ({ counts }: Pick<Figures, 'counts'>): Bins => {
  const bins: [bin: number, count: number][] = [];
  for (const [name, count] of Object.entries(counts)) {
    const bin = name.startsWith(LATENCY) ? Number(name.slice(LATENCY.length)) : -1;
    // Anybody may have changed a document: only the names that a worker writes are bins.
    if (Number.isInteger(bin) && bin >= 0 && bin <= BIN_LAST && latencyCount(bin) === name) bins.push([bin, count]);
  }
  return new Map(bins.sort(([a], [b]) => a - b));
};

/** The counts of each reason that occurred. */
export const reasonsOf = ({ counts }: Pick<Figures, 'counts'>): Partial<Record<ListedReason, number>> => {
  const reasons: Partial<Record<ListedReason, number>> = {};
  for (const reason of LISTED_REASONS) {
    const count = counts[reasonCount(reason)];
    if (count !== undefined) reasons[reason] = count;
  }
  return reasons;
};
