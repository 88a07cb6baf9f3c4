/** Pods as a rollout sees them. */
export interface RolloutPod {
  isAvailable: boolean;
  /** Made for the present state of the template. */
  isNew: boolean;
}

export interface RolloutPlan {
  replicas: number;
  maxSurge: number;
  maxUnavailable: number;
}

/** What a Deployment does next. */
export type RolloutStep = { type: 'start' } | { type: 'stop' } | { type: 'wait' } | { type: 'done' };

/**
 * The next step of a rolling update: never more pods than replicas and surge, never fewer available ones than replicas without
 * those that may be unavailable. Pods that are ending count as gone.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
 */
export const nextStep = (
  pods: readonly RolloutPod[],
  { replicas, maxSurge, maxUnavailable }: RolloutPlan,
): RolloutStep => {
  const fresh = pods.filter(({ isNew }) => isNew);
  const old = pods.filter(({ isNew }) => !isNew);
  if (fresh.length < replicas && pods.length < replicas + maxSurge) return { type: 'start' };
  if (old.length === 0)
    return fresh.filter(({ isAvailable }) => isAvailable).length >= replicas ? { type: 'done' } : { type: 'wait' };
  const available = pods.filter(({ isAvailable }) => isAvailable).length;
  // An old pod that serves nothing costs nothing.
  const lost = old.every(({ isAvailable }) => isAvailable) ? 1 : 0;
  return available - lost >= replicas - maxUnavailable ? { type: 'stop' } : { type: 'wait' };
};
