import type { FailoverPlan } from '../failover.plan.ts';
import { BROKER_DIES, GATEWAY_DIES, INGEST_DIES, LEADER_DIES, PRIMARY_DIES } from './steps/kill.steps.ts';
import { FOLLOW } from './steps/follow.step.ts';
import { LOAD } from './steps/load.step.ts';
import { PICTURE } from './steps/picture.step.ts';
import { SCALE } from './steps/scale.step.ts';
import type { TourStep } from './tour.step.ts';

export interface TourPlan extends FailoverPlan {
  steps: readonly TourStep[];
  /** Settings of the apps that differ from those of `npm run start:cluster`. */
  env: Record<string, string>;
}

/** As `npm run start:cluster`, with one ingest and one metrics worker less: a step adds an ingest. */
export const TOUR_PLAN: TourPlan = {
  counts: { brokers: 3, mongod: 3, gateway: 2, ingest: 2, metrics: 2 },
  stream: { ratePerS: 50, clients: 16 },
  steadyMs: { before: 5000, down: 5000, after: 3000 },
  steps: [PICTURE, LOAD, FOLLOW, SCALE, INGEST_DIES, LEADER_DIES, PRIMARY_DIES, BROKER_DIES, GATEWAY_DIES],
  env: { KAFKA_SESSION_TIMEOUT_MS: '6000' },
};
