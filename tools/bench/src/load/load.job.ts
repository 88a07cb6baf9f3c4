import type { Workload } from './growth.workload.ts';

/** The job of a load process, as JSON in its first argument. */
export interface LoadJob {
  url: string;
  /** Each connection has one request in flight. */
  connections: number;
  seconds: number;
  /** Before them the load runs for so long without being measured. Only for a load without `ratePerS`. */
  warmSeconds?: number;
  /** Requests a second, each sent when it is due. Without it each connection sends again as soon as it has an answer. */
  ratePerS?: number;
  request: PostLoad | PageLoad | GrowthLoad;
}

export interface PostLoad {
  type: 'post';
  /** The names of the users begin with it, so that runs share no conversation. */
  prefix: string;
  conversations: number;
  contentBytes: number;
  /** Seconds of `Prefer: wait`. */
  waitS?: number;
}

export interface PageLoad {
  type: 'page';
  prefix: string;
  conversations: number;
  limit: number;
}

/** The calls that are measured while a store grows. */
export const GROWTH_CALLS = ['page-by-time', 'page-by-log', 'by-id', 'user-newest', 'user-deeper', 'post'] as const;
export type GrowthCall = (typeof GROWTH_CALLS)[number];

export interface GrowthLoad {
  type: 'growth';
  call: GrowthCall;
  workload: Workload;
  /** How many messages of the workload are stored. */
  filled: number;
  /** Messages of a page. */
  limit: number;
}

/** What the load process measured, as JSON on its last line. */
export interface LoadResult {
  sent: number;
  /** All requests that were answered, also before the measured time. */
  handled: number;
  seconds: number;
  /** Answers by status; 0 counts requests without an answer. */
  statuses: Record<string, number>;
  /** Of 2xx answers, in milliseconds. */
  p50: number;
  p99: number;
  max: number;
  /** Bytes of the bodies of all answers. */
  bodyBytes: number;
  /** The numbers of the posts that were not acknowledged. */
  unacknowledged: number[];
  cpuSeconds: number;
}

export const conversationOf = (prefix: string, index: number): [string, string] => [
  `${prefix}-a${index}`,
  `${prefix}-b${index}`,
];
