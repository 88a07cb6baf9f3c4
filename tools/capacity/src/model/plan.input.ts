/** What a plan is made for. Every rate is that of the whole system. */
export interface PlanInput {
  /** Users who are online at the same time in the busiest hour. */
  users: number;
  /** Messages that one such user sends in a day. */
  messagesPerDay: number;
  /** The rate of the busiest hour, as a multiple of the day's mean. */
  peak: number;
  /** The content of a message, in bytes of UTF-8. */
  bytes: number;
  /** Days for which messages are kept in the store. */
  days: number;
  /** Days for which records are kept in the log. */
  logDays: number;
  /** Seconds between two questions of one online user for what is new. */
  pollSeconds: number;
  /** Messages of the page that a user opens. */
  page: number;
  /** Percent of the messages that are sent under an Idempotency-Key. */
  keyed: number;
  /** Percent of the messages that are sent with `Prefer: wait`. */
  waiting: number;
  /** Messages of a conversation in an hour in which it has any. */
  burst: number;
  /** Copies of each partition and of each document. */
  replicas: number;
  /** The number of partitions is fixed, so it is chosen for this multiple of the load. */
  growth: number;
  /** The disk of one broker or mongod, in GB. */
  diskGb: number;
  /** Random reads and writes a second that one disk does. */
  iops: number;
  /** The WiredTiger cache of one mongod, in GB. */
  cacheGb: number;
  /** The cores of one broker or mongod. */
  cores: number;
}

export type InputName = keyof PlanInput;

export interface InputRule {
  /** The option of the command line. */
  flag: string;
  about: string;
  from: number;
  to: number;
  /** Without one the option must be given. logDays takes the value of days. */
  default?: number;
  isWhole: boolean;
}

const whole = (flag: string, about: string, [from, to, otherwise]: [number, number, number?]): InputRule => ({
  flag,
  about,
  from,
  to,
  default: otherwise,
  isWhole: true,
});

const decimal = (...args: Parameters<typeof whole>): InputRule => ({ ...whole(...args), isWhole: false });

/** Each input with its bounds. The upper bounds are far beyond any system: they keep every result a finite number. */
export const INPUTS: Readonly<Record<InputName, InputRule>> = {
  users: whole('users', 'users who are online at the same time in the busiest hour', [1, 1_000_000_000]),
  messagesPerDay: decimal('messages-per-day', 'messages that one of them sends in a day', [0.001, 100_000]),
  // 5,000 characters, the longest content, have at most 20,000 bytes.
  bytes: whole('bytes', 'content of a message, in bytes of UTF-8', [1, 20_000, 200]),
  days: whole('days', 'days for which the store keeps messages', [1, 36_500]),
  logDays: whole('log-days', 'days for which Kafka keeps them; as --days when it is not given', [1, 36_500]),
  peak: decimal('peak', 'the busiest hour as a multiple of the mean of the day', [1, 24, 3]),
  pollSeconds: decimal('poll-seconds', 'how often an online user asks for what is new', [1, 86_400, 30]),
  page: whole('page', 'messages of a page that a user opens', [1, 500, 10]),
  keyed: whole('keyed', 'percent of the messages that have an Idempotency-Key', [0, 100, 100]),
  waiting: whole('waiting', 'percent of the messages whose sender waits until they are stored', [0, 100, 10]),
  burst: decimal('burst', 'messages of a conversation in an hour in which it has any', [1, 10_000, 4]),
  replicas: whole('replicas', 'copies of each partition and of each document', [1, 7, 3]),
  growth: decimal('growth', 'the number of partitions is for this multiple of the load', [1, 100, 2]),
  diskGb: whole('disk-gb', 'disk of one broker or mongod', [10, 100_000, 4000]),
  iops: whole('iops', 'random reads and writes a second of one disk', [100, 10_000_000, 20_000]),
  cacheGb: decimal('cache-gb', 'WiredTiger cache of one mongod', [0.25, 10_000, 32]),
  cores: whole('cores', 'cores of one broker or mongod', [1, 1024, 16]),
};
