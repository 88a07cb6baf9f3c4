import { Random } from '../random.ts';
import type { Fault } from './fault.ts';

export interface FaultStep {
  fault: Fault;
  /** The time without a fault before this one, in milliseconds. */
  quietMs: number;
  durationMs: number;
  /** Seeds what the fault draws while it runs, for example its target among the running processes. */
  seed: number;
}

const QUIET_MS: [number, number] = [3000, 8000];

/**
 * The endless sequence of faults of one lane. All faults come once before any comes again. The sequence depends on the
 * seed alone: what a fault draws while it runs changes none of the steps that follow.
 */
export function* planSteps(faults: readonly Fault[], seed: number): Generator<FaultStep> {
  const random = new Random(seed);
  for (;;) {
    const remaining = [...faults];
    while (remaining.length > 0) {
      const [fault] = remaining.splice(random.whole(0, remaining.length - 1), 1);
      const [quietMs, durationMs] = [random.whole(...QUIET_MS), random.whole(...fault!.durationMs)];
      yield { fault: fault!, quietMs, durationMs, seed: random.whole(1, 1_000_000_000) };
    }
  }
}
