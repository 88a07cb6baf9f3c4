import type { Scene } from '../demonstrations/demonstration.ts';
import type { Stage } from '../failover.watch.ts';
import type { Finding } from '../verdict/finding.ts';

/** What a step did, as people are told. */
export interface StepEnd {
  /** A sentence each, with what was measured. */
  happened: readonly string[];
  findings?: readonly Finding[];
}

/** One step of the tour. */
export interface TourStep {
  title: string;
  /** Told before it, a paragraph each: what will happen, and what to look at in the console. */
  before: (scene: Scene) => readonly string[];
  run: (scene: Scene, stage: Stage) => Promise<StepEnd>;
}

/** The address of the console, at the first gateway. */
export const consoleAddress = ({ cluster }: Scene, path = ''): string => `${cluster.gateways[0]!.url}/console${path}`;
