import type { FaultContext } from './fault.ts';

/** What the nemesis needs from outside. Specs replace the clock. */
export interface NemesisPorts {
  context: Omit<FaultContext, 'random'>;
  /** Milliseconds of the workload's clock. */
  now: () => number;
  /** Rejects when the signal aborts. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  say: (line: string) => void;
  /** Shows the current phase: the faults that last, `healing`, or `loading`. */
  showPhase: (name: string) => void;
}
