import type { StoreSizes } from '@wiber/evidence';
import type { GrowthCall } from '../load/load.job.ts';
import type { IdOrder } from '../load/growth.workload.ts';

/** Ingest storing a backlog while nothing else is asked of the system. */
export interface Drain {
  /** Messages a second. */
  rate: number;
  messages: number;
  /** Processor seconds for 1,000 messages. */
  mongodCpu: number;
  ingestCpu: number;
}

/** One call at one size, from all connections. */
export interface CallRate {
  /** Answers a second, all 2xx. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Bytes of an answer's body: shows whether pages have the same length at each size. */
  answerBytes: number;
  cost: CallCost;
}

/** What the answers of one call cost. */
export interface CallCost {
  /** Processor seconds for 1,000 answers. */
  gatewayCpu: number;
  mongodCpu: number;
  /** Pages that mongod brought into its cache, for one answer, and their bytes in it. */
  pagesRead: number;
  bytesRead: number;
}

/** What was measured at one size. */
export interface GrowthPoint {
  /** The size that was asked for. */
  size: number;
  /** Messages that were stored when the reads were measured. */
  stored: number;
  /** At the first size: the drain that begins there, so into an empty store. At others: the drain that ends there. */
  drain: Drain;
  calls: Record<GrowthCall, CallRate>;
  sizes: StoreSizes;
}

/** One store from its first size to its last. */
export interface GrowthSeries {
  ids: IdOrder;
  points: GrowthPoint[];
}

export const TITLE_OF_IDS: Record<IdOrder, string> = {
  time: 'ids in time order',
  random: 'ids at random (Idempotency-Key)',
};

export const FIRST_SIZE = 10_000;
/** The other sizes at which a store is measured: the known ones below the last, and the last. */
export const laterSizes = (stored: number): number[] => [
  ...[1_000_000, 3_000_000, 5_000_000, 10_000_000].filter((size) => size < stored),
  stored,
];
