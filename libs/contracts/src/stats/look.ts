import type { LatencyDto } from './series.dto.ts';

/** What a breaker does with calls: takes them, refuses them, or tries one. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * `up`: its last pulse is fresh. `stopping`: it said that it stops. `silent`: it is overdue. `gone`: it stopped, or was
 * silent for so long that it counts as dead; it leaves the picture a minute later. `unknown`: MongoDB, which carries the
 * pulses, is away.
 */
export type InstanceStatus = 'up' | 'stopping' | 'silent' | 'gone' | 'unknown';

/** One process of Wiber, as its last pulse says. Rates are events a second since the pulse before. */
export interface InstanceLook {
  instance: string;
  status: InstanceStatus;
  /** Milliseconds since its last pulse came, by the clock of the gateway that looks. */
  ageMs: number;
  /** Milliseconds since the process started. */
  upMs: number;
  rssBytes: number;
  /** CPU time by elapsed time: 1 is one core. */
  cpuRatio: number;
  breakers: { name: string; state: BreakerState }[];
}

export interface GatewayLook extends InstanceLook {
  acceptedPerSecond: number;
  refusedPerSecond: number;
  /** Requests that wait for their message to be stored, or for a causal token. */
  waiting: number;
  /** Messages that wait for their produce request. */
  queued: number;
}

export interface IngestLook extends InstanceLook {
  /** Whether it is a member of the consumer group. */
  hasJoined: boolean;
  partitions: number[];
  pausedPartitions: number[];
  storedPerSecond: number;
  deadLetteredPerSecond: number;
  /** From accepted to stored, of the messages since the pulse before. Absent when there were none. */
  latency?: Pick<LatencyDto, 'p50' | 'p99'>;
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

export interface BrokerLook {
  broker: number;
  status: 'up' | 'gone';
  isController: boolean;
  /** Partitions of the message topic that it leads. */
  leads: number;
}

/** A member of the replica set. Its address is for operators: GET /stats/servers. */
export interface MemberLook {
  /** Its place in the configuration of the set, from 1. */
  member: number;
  state: 'primary' | 'secondary' | 'arbiter' | 'other' | 'gone';
  /** Milliseconds of its last answer to this gateway. */
  roundTripMs?: number;
}

export const LOOK_PARTS = ['pulses', 'partitions', 'brokers', 'members', 'leader', 'deadLetters'] as const;
export type LookPart = (typeof LOOK_PARTS)[number];

export const LOOK_EVENTS = [
  'instance_new',
  'instance_stopping',
  'instance_silent',
  'instance_gone',
  'instance_back',
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

/** Something that changed between two looks. */
export interface LookEvent {
  /** Grows by one; unique in the life of one gateway process. */
  id: number;
  /** Milliseconds since the epoch, by the gateway's clock. */
  at: number;
  kind: LookEventKind;
  severity: 'good' | 'info' | 'bad';
  /** What it is about: an instance, `partition 3`, `partitions` where it happened to many, `broker 1`, `member 2`. */
  subject: string;
  /** One sentence for people. */
  text: string;
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
  /** The holder of the lease of the metrics workers; absent while nobody is. */
  leader?: { term: number; holder: string; since: number };
  openDeadLetters?: number;
  totals: {
    acceptedPerSecond: number;
    storedPerSecond: number;
    lag?: number;
    latency?: Pick<LatencyDto, 'p50' | 'p99'>;
  };
  /** Parts that are not known now, with the reason. What is shown of them is from before. */
  unknown: { part: LookPart; reason: string }[];
  /** New since the look before; in the first event of a connection, the last 200. */
  events: LookEvent[];
}
