import type { StoreReader } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';

export interface BenchOptions {
  /** Runs of each figure; the median counts. */
  runs: number;
  /** How long one run of a load lasts. */
  seconds: number;
  /** Records of the backlog that ingest drains. */
  backlog: number;
  soakMinutes: number;
  /** How long MongoDB is down. */
  awaySeconds: number;
}

/** The addresses of the servers. */
export type Servers = Pick<OwnSystem, 'kafka' | 'mongoUri'>;

export interface Bench extends BenchOptions {
  system: OwnSystem;
  /** The collection of the system's messages. */
  store: StoreReader;
  say: (line: string) => void;
}
