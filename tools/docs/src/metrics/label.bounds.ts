/**
 * Every label of a metric of Wiber, and what bounds its values. Prometheus keeps each combination of values for as long as it keeps
 * data, so no label may have values that clients or users make up: no name of a user, no id of a message, no path.
 * https://prometheus.io/docs/practices/naming/#labels
 */
export const LABEL_BOUNDS = {
  app: 'the three apps; on every metric',
  instance: 'the processes, by `INSTANCE`; on every metric',
  version: 'one in a process',
  route: 'the routes of an app, and `unrouted` for all other paths',
  method: 'seven methods, and `other`',
  status: 'the statuses that the app answers',
  code: 'the closed list of [error codes](reference.md#error-codes)',
  reason: 'a closed list: of dead letters, of closed connections, or of refused answers of NTP servers',
  why: 'a closed list: why a batch is tried again, or why a term ended',
  breaker: 'the circuit breakers of a process: at most one for each partition that it appends to, and three of MongoDB',
  setting: 'the settings of a topic that are checked',
  gateway: 'the gateways that wrote in the last ten minutes, at most 50; `other` for those above',
  server: '`NTP_SERVERS`',
  call: 'the five calls about a lease',
  outcome: 'of a call: `known` or `unknown`; of a task: `done` or `failed`',
  task: 'the tasks of the leader',
  stream: '`accepted` and `dead_lettered`',
  partition: 'the partitions of the message topic, at most 256',
  broker: 'the brokers, at most 100',
  member: 'the members of the replica set, at most 50',
  collection: 'the collections of Wiber',
  part: '`documents` and `indexes`; of `wiber_stats_unknown_parts` the parts of a look at the servers',
  kind: 'of a clock: `gateway`, `ingest`, `metrics`, `broker` or `member`',
  clock: 'the clocks that `GET /stats/clocks` shows: of each kind at most 100',
} as const satisfies Record<string, string>;
