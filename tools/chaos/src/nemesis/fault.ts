import type { OwnSystem, SystemCounts } from '@wiber/harness';
import type { ClockMove } from '../checker/clock.move.ts';
import type { ClusterHealth } from '../evidence/cluster.health.ts';
import type { ServerLogs, Span } from '../evidence/server.logs.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../workload/recorder.ts';
import type { ClockReading } from './clocks/clock.reading.ts';
import type { PoisonProducer } from './kafka/poison.producer.ts';
import type { UsedMessage } from './kafka/poison.record.ts';
import type { ProcessKind } from './process.kind.ts';

/** What a fault can use: the system under test, and what is known about it at the moment. */
export interface FaultContext {
  system: OwnSystem;
  /** Made for this step alone: how often it draws does not change the steps that follow. */
  random: Random;
  /** The name of the broker that leads this partition of the messages topic now: kafka-1, … */
  leaderOf: (partition: number) => Promise<string>;
  /** The partitions of the messages topic that a broker leads now. */
  ledBy: (broker: string) => Promise<number[]>;
  /** The broker that was the active controller at this time, in milliseconds since the epoch. */
  controllerAt: (at: number) => string | undefined;
  /** The name of the member that is primary now: mongo-1, … */
  primary: () => Promise<string>;
  /** The metrics worker that leads now: metrics-1, … */
  metricsLeader: () => string;
  /** Every clock that was moved in this run. */
  clockMoves: ClockMove[];
  /** What the clock of a broker or a mongod shows. Rejects when it does not answer. */
  readClock: (server: string) => Promise<ClockReading>;
  logs: ServerLogs;
  health: ClusterHealth;
  poison: PoisonProducer;
  recorder: Recorder;
  /** A random message that was acknowledged in this run, or undefined when none was found. */
  pickAcked: (random: Random) => UsedMessage | undefined;
  /** The folder in which crash points are armed and clocks are set. */
  hookFolder: string;
}

/** The target of a fault, chosen among the running processes before the fault is admitted. */
export interface Aim {
  /** As the report shows it: kafka-1, gateway-1–kafka-2, … */
  target: string;
  /** Processes that no other fault may touch meanwhile. */
  touches: string[];
  /** Kinds of which one process is down, or out of reach, meanwhile. */
  takesDown: ProcessKind[];
}

/** A fault that was injected. */
export interface InjectedFault {
  target: string;
  /** The process that was hit, by its id at that time. Undefined when the fault hits no single process. */
  pid?: number;
  heal: () => Promise<void>;
  /** Rejects until the healed processes serve again. */
  requireServing?: () => Promise<void>;
  /** Finds, after the run, the log lines that prove that the fault happened. Undefined when there are none. */
  findEvidence?: (span: Span) => string | undefined;
}

export interface Fault {
  name: string;
  /** The shortest and the longest duration, in milliseconds. */
  durationMs: [number, number];
  /** The smallest system that has a target for the fault. */
  minimum?: Partial<SystemCounts>;
  /** What the system must be started with. */
  needs?: 'links' | 'disks' | 'clocks';
  /** Missing when the fault has no target. */
  aim?: (context: FaultContext) => Promise<Aim> | Aim;
  inject: (context: FaultContext, aim: Aim) => Promise<InjectedFault>;
}
