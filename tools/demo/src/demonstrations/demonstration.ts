import type { Cluster } from '../cluster.ts';
import type { Traffic } from '../traffic/traffic.ts';

export const KINDS = ['leader', 'ingest', 'broker', 'primary', 'gateway'] as const;
export type Kind = (typeof KINDS)[number];

export interface Scene {
  cluster: Cluster;
  traffic: Traffic;
}

/** The process that is killed, and how its successor is found. */
export interface Aim {
  /** Its name in run.json: metrics-2, kafka-1, … */
  target: string;
  /** The partitions that it leads or reads: their messages wait for the takeover. */
  partitions?: readonly number[];
  /** What the system says before the kill, a sentence a line. */
  before: string[];
  /**
   * Asked again and again after the kill.
   * @returns what the system says now that another has taken over
   * @throws the reason while nobody has
   */
  takenOver: (killedAt: number) => Promise<string[]>;
  /** What the system says after the killed process has come back. */
  after: () => Promise<string[]>;
}

export interface Demonstration {
  kind: Kind;
  /** What is killed, in the words of the field. */
  what: string;
  /** What decides how soon another takes over. */
  rule: string;
  /** Settings of the apps that differ from those of `npm run start:cluster`. */
  env?: Record<string, string>;
  /** The windows of the metrics worker are compared with a recount. */
  recounts?: boolean;
  aim: (scene: Scene) => Promise<Aim>;
}
