/** A number that the model takes for given, and where it comes from. */
export interface Assumption {
  name: string;
  value: number;
  unit: string;
  source: string;
}

const assume = (name: string, [value, unit]: readonly [number, string], source: string): Assumption => ({
  name,
  value,
  unit,
  source,
});

/** Everything that no bench of ours measures. */
export const ASSUMED = {
  nameBytes: assume('a username', [12, 'bytes'], 'chosen; the longest one has 50 characters'),
  contentPacked: assume(
    'content on disk, of its bytes',
    [0.65, ''],
    'chosen: prose under snappy; the content of the bench packs about so',
  ),
  activityEntry: assume(
    'an entry of the activity on disk',
    [350, 'bytes'],
    'docs/performance.md, 10 million stored: 243 MB for 2 users × 100,000 conversations × 3 to 4 hours',
  ),
  figuresWindow: assume('a window of figures on disk', [1500, 'bytes'], 'chosen; not measured'),
  figuresWindows: assume(
    'windows of one partition that are kept',
    [3 * (2 * 3600 + 7 * 1440 + 400 * 24), ''],
    'three streams; seconds for 2 hours, minutes for 7 days, hours for 400 days: the defaults of the metrics app',
  ),
  diskFilled: assume('how full a disk may be', [0.7, ''], 'chosen: room to move a partition or to build an index'),
  oplogShare: assume(
    'the oplog, of the disk',
    [0.05, ''],
    'mongodb.com/docs/manual/core/replica-set-oplog: 5 % of the free disk, at most 50 GB',
  ),
  oplogMax: assume('the largest oplog', [50, 'GB'], 'as above'),
  processBusy: assume('how busy a Node process may be', [0.6, 'of a core'], 'chosen: its p99 grows fast above'),
  serverBusy: assume(
    'how busy a broker or mongod may be',
    [0.5, 'of its cores'],
    'chosen: the rest takes over for others',
  ),
  diskBusy: assume('how busy a disk may be', [0.5, 'of its operations'], 'chosen'),
  laneRate: assume(
    'messages a second of one partition',
    [2000, '/s'],
    'chosen; a sixth of what one lane did with one replica (design: 65,000/s with 6 partitions)',
  ),
  partitionSize: assume(
    'the largest copy of a partition',
    [200, 'GB'],
    'chosen: it can be moved in an hour at 60 MB/s',
  ),
  partitionsOfBroker: assume(
    'copies of partitions on one broker',
    [4000, ''],
    'kafka.apache.org: the usual advice for one broker',
  ),
  partitionsMax: assume(
    'partitions of a topic',
    [4000, ''],
    'a gateway starts with at most so many (docs/reference.md)',
  ),
  queueOfPartition: assume(
    'memory of a gateway for one partition',
    [5000 + 768, 'KiB'],
    'docs/guarantees.md: 1 KiB for each of 5,000 queued messages, and a request of 768 KiB',
  ),
  gatewayMemory: assume(
    'memory of a gateway besides',
    [270 + 2 * 64, 'MiB'],
    'docs/performance.md: 270 MiB under load, and twice API_QUEUE_MAX_BYTES',
  ),
  ingestMemory: assume('memory of an ingest', [768, 'MiB'], 'chosen; not measured'),
  metricsMemory: assume('memory of a metrics worker', [512, 'MiB'], 'chosen; not measured'),
  brokerHeap: assume('heap of a broker', [6, 'GB'], 'chosen; with one replica 0.5, as npm start has'),
  brokerPages: assume(
    'seconds of writes in the page cache of a broker',
    [60, 's'],
    'chosen: consumers read from memory',
  ),
  memoryOfCache: assume(
    'memory of a mongod, of its cache',
    [2, ''],
    'WiredTiger takes half of the memory by default; the rest holds packed files',
  ),
  linesOfRequest: assume('the head of a request or an answer', [500, 'bytes'], 'chosen'),
  benchCacheGb: assume('the cache of the mongod that was measured', [1, 'GB'], 'tools/stack: mongod.options.ts'),
  benchContent: assume('the content that was measured', [200, 'bytes'], 'tools/bench: growth.workload.ts'),
  benchPage: assume('messages of a page that was measured', [10, ''], 'tools/bench: --page, by default'),
  userConversations: assume(
    'conversations that a page of a user asks for',
    [20, ''],
    'chosen; on a sharded collection as many shards may have to answer',
  ),
} as const satisfies Record<string, Assumption>;
