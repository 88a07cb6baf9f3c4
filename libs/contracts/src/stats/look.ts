/** What a breaker does with calls: takes them, refuses them, or tries one. */
export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/**
 * `up`: its last pulse is fresh. `stopping`: it said that it stops. `silent`: it is overdue. `gone`: it stopped, or was
 * silent for so long that it counts as dead; it leaves the picture a minute later. `unknown`: MongoDB, which carries the
 * pulses, is away.
 */
export const INSTANCE_STATUSES = ['up', 'stopping', 'silent', 'gone', 'unknown'] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

export interface BreakerLook {
  name: string;
  state: BreakerState;
}

/** One process of Wiber, as its last pulse says. Rates are events a second since the pulse before. */
export interface InstanceLook {
  instance: string;
  status: InstanceStatus;
  /** Whether more than one process lives under this instance. The rest is then of one of them, and soon of another. */
  isShared: boolean;
  /** Milliseconds since its last pulse came, by the clock of the gateway that looks. */
  ageMs: number;
  /** Milliseconds since the process started. */
  upMs: number;
  rssBytes: number;
  /** CPU time by elapsed time: 1 is one core. */
  cpuRatio: number;
  breakers: BreakerLook[];
}

export interface GatewayLook extends InstanceLook {
  acceptedPerSecond: number;
  refusedPerSecond: number;
  /** Requests that wait for their message to be stored, or for a causal token. */
  waiting: number;
  /** Messages in flight to Kafka, or queued for it. */
  queued: number;
}

/** From accepted to stored, in whole milliseconds, as Prometheus makes quantiles of the buckets of a histogram. */
export interface LookLatency {
  p50: number;
  p99: number;
}

export interface IngestLook extends InstanceLook {
  /** Whether it is a member of the consumer group. */
  hasJoined: boolean;
  partitions: number[];
  pausedPartitions: number[];
  storedPerSecond: number;
  deadLetteredPerSecond: number;
  /** Of the messages since the pulse before. Absent when there were none. */
  latency?: LookLatency;
}

export interface WorkerLook extends InstanceLook {
  leads: boolean;
  /** The term that it leads; absent of a worker that does not lead. */
  term?: number;
}

/** A partition of the message topic: the way from its broker to its ingest. */
export interface PartitionLook {
  partition: number;
  /** The broker that leads it; absent while none does. */
  leader?: number;
  replicas: number[];
  inSync: number[];
  /** The offset of the next record. */
  end?: number;
  /** The offset up to which everything is stored or a dead letter. */
  stored?: number;
  lag?: number;
  acceptedPerSecond?: number;
  storedPerSecond?: number;
  /** The instance of ingest that reads it, by its own pulse. */
  ingest?: string;
}

export const BROKER_STATUSES = ['up', 'gone'] as const;

export interface BrokerLook {
  broker: number;
  status: (typeof BROKER_STATUSES)[number];
  isController: boolean;
  /** Partitions of the message topic that it leads. */
  leads: number;
}

export const MEMBER_STATES = ['primary', 'secondary', 'arbiter', 'other', 'gone'] as const;

/** A member of the replica set. Its address is for operators: GET /stats/servers. */
export interface MemberLook {
  /** Its place in the configuration of the set, from 1. */
  member: number;
  state: (typeof MEMBER_STATES)[number];
  /** Milliseconds that its last answers to this gateway took, on average. Absent where it has not answered. */
  roundTripMs?: number;
}

export const LOOK_PARTS = ['pulses', 'partitions', 'brokers', 'members', 'leader', 'deadLetters'] as const;
export type LookPart = (typeof LOOK_PARTS)[number];

/** A part that is not known now. What is shown of it is from before. */
export interface UnknownLook {
  part: LookPart;
  reason: string;
}

export const LOOK_EVENTS = [
  'instance_new',
  'instance_stopping',
  'instance_silent',
  'instance_gone',
  'instance_back',
  'instance_shared',
  'instance_single',
  'partition_taken',
  'partition_free',
  'partition_leader',
  'partition_leaderless',
  'partition_under_replicated',
  'partition_replicated',
  'breaker_open',
  'breaker_closed',
  'leader_new',
  'leader_lost',
  'primary_new',
  'primary_lost',
  'member_gone',
  'member_back',
  'broker_gone',
  'broker_back',
  'controller_new',
  'dead_letters_new',
  'lag_grows',
  'lag_gone',
] as const;
export type LookEventKind = (typeof LOOK_EVENTS)[number];

export const LOOK_SEVERITIES = ['good', 'info', 'bad'] as const;

/** Something that changed between two looks. */
export interface LookEvent {
  /** Grows by one; unique in the life of one gateway process. */
  id: number;
  /** Milliseconds since the epoch, by the gateway's clock. */
  at: number;
  kind: LookEventKind;
  severity: (typeof LOOK_SEVERITIES)[number];
  /** What it is about: an instance, `partition 3`, `partitions` where it happened to many, `broker 1`, `member 2`. */
  subject: string;
  /** One sentence for people. */
  text: string;
}

/** The holder of the lease of the metrics workers. */
export interface LeaderLook {
  term: number;
  holder: string;
  /** When its term began, in milliseconds since the epoch, by MongoDB's clock. */
  since: number;
}

/** Of all partitions, also of those that are not shown. */
export interface LookTotals {
  acceptedPerSecond: number;
  storedPerSecond: number;
  lag?: number;
  latency?: LookLatency;
}

/** The whole system as one gateway sees it, once a second while somebody looks: the data of an event `look` of /stats/stream. */
export interface Look {
  /** Counts looks of this gateway, from 1. */
  sequence: number;
  /** Milliseconds since the epoch, by the gateway's clock. */
  at: number;
  /** The gateway that looked. */
  by: string;
  gateways: GatewayLook[];
  ingests: IngestLook[];
  workers: WorkerLook[];
  partitions: PartitionLook[];
  brokers: BrokerLook[];
  members: MemberLook[];
  /** Absent while nobody leads. */
  leader?: LeaderLook;
  openDeadLetters?: number;
  totals: LookTotals;
  unknown: UnknownLook[];
  /** New since the look before; in the first event of a connection, the last 200. */
  events: LookEvent[];
}

/** The data of an event `bye` of /stats/stream: the last one of an instance that stops. */
export interface Bye {
  reason: 'stopping';
}
