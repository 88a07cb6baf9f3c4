import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbePlan } from './pod.plan.ts';

export interface ProbeLoopPorts {
  /** Asks once. False, or a rejection: it failed. */
  ask: (probe: ProbePlan) => Promise<boolean>;
  /** Resolves after so many seconds. */
  wait: (seconds: number) => Promise<unknown>;
  isOver: () => boolean;
}

export const realWait = (seconds: number): Promise<unknown> => sleep(seconds * 1000);

const answer = async (probe: ProbePlan, { ask }: ProbeLoopPorts): Promise<boolean> => {
  try {
    return await ask(probe);
  } catch {
    return false;
  }
};

/** Asks until the first success. Resolves to false when the probe failed as often in a row as its threshold. */
export const firstSuccess = async (probe: ProbePlan, ports: ProbeLoopPorts): Promise<boolean> => {
  for (let failures = 0; failures < probe.failureThreshold && !ports.isOver(); failures += 1) {
    if (await answer(probe, ports)) return true;
    await ports.wait(probe.periodSeconds);
  }
  return false;
};

/**
 * Asks at each period until it is over, and tells each change: true after one success, false after as many failures in a row as
 * the threshold. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
 */
export const watchProbe = async (
  probe: ProbePlan,
  ports: ProbeLoopPorts,
  onChange: (isRight: boolean) => void,
): Promise<void> => {
  let isRight: boolean | undefined;
  let failures = 0;
  while (!ports.isOver()) {
    const isAnswered = await answer(probe, ports);
    if (ports.isOver()) return;
    failures = isAnswered ? 0 : failures + 1;
    const now = isAnswered ? true : failures >= probe.failureThreshold ? false : isRight;
    if (now !== undefined && now !== isRight) onChange(now);
    isRight = now;
    await ports.wait(probe.periodSeconds);
  }
};
