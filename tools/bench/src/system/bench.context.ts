import type { StoreReader } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';
import type { AttackName } from '../attacks/attack.plans.ts';
import type { IdOrder } from '../load/growth.workload.ts';

export interface BenchOptions {
  /** Runs of each figure; the median counts. */
  runs: number;
  /** How long one run of a load lasts. */
  seconds: number;
  /** Records of the backlog that ingest drains. */
  backlog: number;
  soakMinutes: number;
  /** Messages a second of the soak. */
  soakRate: number;
  /** How long MongoDB is down. */
  awaySeconds: number;
  growth: GrowthOptions;
  /** Clients that wait at once. */
  waiters: number;
  /** The attacks that are made, one after the other. */
  attacks: readonly AttackName[];
}

/** How far a store grows, and with which messages. */
export interface GrowthOptions {
  /** Messages at the last size. */
  stored: number;
  /** A store is filled for each of them. */
  ids: IdOrder[];
  /** Messages in a second of their timestamps. */
  pace: number;
  /** Messages of a page. */
  limit: number;
}

/** The addresses of the servers, and how an app logs in there. */
export type Servers = Pick<OwnSystem, 'kafka' | 'mongoUri'> & Partial<Pick<OwnSystem, 'kafkaLogin'>>;

/** What every figure gets. */
export interface BenchRun extends BenchOptions {
  say: (line: string) => void;
}

export interface Bench extends BenchRun {
  system: OwnSystem;
  /** The collection of the system's messages. */
  store: StoreReader;
}
