import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextStep, type RolloutPod } from './rollout.ts';

const pod = (isNew: boolean, isAvailable = true): RolloutPod => ({ isNew, isAvailable });
const GATEWAY = { replicas: 2, maxSurge: 1, maxUnavailable: 0 };
const INGEST = { replicas: 2, maxSurge: 0, maxUnavailable: 1 };

it('a gateway is stopped only once a new one serves', () => {
  expect(nextStep([pod(false), pod(false)], GATEWAY)).toEqual({ type: 'start' });
  expect(nextStep([pod(false), pod(false), pod(true, false)], GATEWAY)).toEqual({ type: 'wait' });
  expect(nextStep([pod(false), pod(false), pod(true)], GATEWAY)).toEqual({ type: 'stop' });
});

it('an ingest is stopped first, and the next one only once the new one works', () => {
  expect(nextStep([pod(false), pod(false)], INGEST)).toEqual({ type: 'stop' });
  expect(nextStep([pod(false)], INGEST)).toEqual({ type: 'start' });
  expect(nextStep([pod(false), pod(true, false)], INGEST)).toEqual({ type: 'wait' });
  expect(nextStep([pod(false), pod(true)], INGEST)).toEqual({ type: 'stop' });
});

it('every rollout ends, and never has too few or too many pods on its way', () => {
  const plans = fc.record({
    replicas: fc.integer({ min: 1, max: 6 }),
    maxSurge: fc.integer({ min: 0, max: 3 }),
    maxUnavailable: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(plans, (plan) => {
      fc.pre(plan.maxSurge + plan.maxUnavailable > 0);
      let pods = Array.from({ length: plan.replicas }, () => pod(false));
      for (let steps = 0; steps < 100; steps += 1) {
        const available = pods.filter(({ isAvailable }) => isAvailable).length;
        expect(pods.length).toBeLessThanOrEqual(plan.replicas + plan.maxSurge);
        expect(available).toBeGreaterThanOrEqual(plan.replicas - plan.maxUnavailable);
        const step = nextStep(pods, plan);
        if (step.type === 'done') return pods.every(({ isNew }) => isNew);
        if (step.type === 'start') pods = [...pods, pod(true, false)];
        if (step.type === 'stop')
          pods = pods.toSpliced(
            pods.findIndex(({ isNew }) => !isNew),
            1,
          );
        if (step.type === 'wait') pods = pods.map(({ isNew }) => pod(isNew));
      }
      return false;
    }),
  );
});
