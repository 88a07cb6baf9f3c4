/** What a load process is to do, as JSON in its first argument. */
export interface LoadJob {
  url: string;
  /** Connections; each has one request under way. */
  connections: number;
  seconds: number;
  /** Requests a second, sent when due whether or not earlier ones were answered; absent: as fast as answers come. */
  ratePerS?: number;
  request: PostLoad | PageLoad;
}

export interface PostLoad {
  type: 'post';
  /** Names of the users begin with it: runs don't share conversations. */
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

/** What it measured, as JSON on its last line. */
export interface LoadResult {
  sent: number;
  seconds: number;
  /** Answers by status; 0 is no answer at all. */
  statuses: Record<string, number>;
  /** Of answers with a status below 300, in milliseconds. */
  p50: number;
  p99: number;
  max: number;
  /** Posts by number that were not acknowledged. */
  unacknowledged: number[];
  cpuSeconds: number;
}

export const conversationOf = (prefix: string, index: number): [string, string] => [
  `${prefix}-a${index}`,
  `${prefix}-b${index}`,
];

/** The number of a post stands before its padding, so that each can be found again. */
export const contentOf = (sequence: number, bytes: number): string => `${sequence} `.padEnd(bytes, 'lorem ipsum ');
export const sequenceOf = (content: string): number => Number.parseInt(content, 10);
