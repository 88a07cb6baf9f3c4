import type { OwnSystem, SystemCounts } from '@wiber/harness';
import type { ClusterHealth } from '../evidence/cluster.health.ts';
import type { ServerLogs, Span } from '../evidence/server.logs.ts';
import type { Random } from '../random.ts';
import type { PoisonProducer, Used } from './kafka/poison.producer.ts';
import type { Slot } from './fault.admission.ts';

export interface FaultContext {
  system: OwnSystem;
  /** The step's own. */
  random: Random;
  /** The broker that leads this partition of the messages now: kafka-1, … */
  leaderOf: (partition: number) => Promise<string>;
  /** The member that is primary now: mongo-1, … */
  primary: () => Promise<string>;
  logs: ServerLogs;
  health: ClusterHealth;
  poison: PoisonProducer;
  /** Any message that was acknowledged until now; undefined when none was. */
  someAcked: (random: Random) => Used | undefined;
  /** Where crash points are armed. */
  crashFolder: string;
}

/** Whom a fault is about to hit, as it was chosen among what runs. */
export interface Aim {
  /** For the report: kafka-1, gateway-1–kafka-2, … */
  target: string;
  /** Processes that nothing else may be done to meanwhile. */
  touches: string[];
  /** What is not whole meanwhile. */
  takes: Slot[];
}

/** What was really done, and to whom. */
export interface Injected {
  target: string;
  /** The process it was done to, by its id then; undefined for what is done to no process. */
  pid?: number;
  /** Undoes it. */
  heal: () => Promise<void>;
  /** Rejects while what was healed does not serve yet. */
  back?: () => Promise<void>;
  /** What shows, once the run is over, that it was really done; undefined when nothing does. */
  evidence?: (span: Span) => string | undefined;
}

export interface Fault {
  name: string;
  /** How long it lasts, in milliseconds, from and to. */
  lastsMs: [number, number];
  /** A system with fewer has no target for it. */
  least?: Partial<SystemCounts>;
  /** What the system must be started with. */
  needs?: 'links' | 'disks';
  /** Without one it hits nobody in particular. */
  aim?: (context: FaultContext) => Promise<Aim> | Aim;
  inject: (context: FaultContext, aim: Aim) => Promise<Injected>;
}

export type Choose = (context: FaultContext) => Promise<string> | string;

/** What of the system is called so: kafka-1, kafka-2, … of kafka. */
export const namesOf = ({ system }: FaultContext, kind: string): string[] =>
  [...system.pids.keys()].filter((name) => name.startsWith(`${kind}-`)).sort();

export const anyOf =
  (kind: string): Choose =>
  (context) =>
    context.random.pick(namesOf(context, kind));
export const leader: Choose = ({ random, leaderOf }) => leaderOf(random.whole(0, 5));
export const primary: Choose = (context) => context.primary();
