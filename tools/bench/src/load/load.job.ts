/** The job of a load process, as JSON in its first argument. */
export interface LoadJob {
  url: string;
  /** Each connection has one request in flight. */
  connections: number;
  seconds: number;
  /** Requests a second, each sent when it is due. Without it each connection sends again as soon as it has an answer. */
  ratePerS?: number;
  request: PostLoad | PageLoad;
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

/** What the load process measured, as JSON on its last line. */
export interface LoadResult {
  sent: number;
  seconds: number;
  /** Answers by status; 0 counts requests without an answer. */
  statuses: Record<string, number>;
  /** Of 2xx answers, in milliseconds. */
  p50: number;
  p99: number;
  max: number;
  /** The numbers of the posts that were not acknowledged. */
  unacknowledged: number[];
  cpuSeconds: number;
}

export const conversationOf = (prefix: string, index: number): [string, string] => [
  `${prefix}-a${index}`,
  `${prefix}-b${index}`,
];

/** The content of a post begins with its number, so that each post can be found again. */
export const contentOf = (sequence: number, bytes: number): string => `${sequence} `.padEnd(bytes, 'lorem ipsum ');
export const sequenceOf = (content: string): number => Number.parseInt(content, 10);
