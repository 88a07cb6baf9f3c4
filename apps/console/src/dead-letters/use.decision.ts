import { useState } from 'react';
import type { ApiProblem } from '../api/api.problem.ts';
import { asProblem } from '../api/use.request.ts';

/**
 * Refusals after which the letter must be read again: another operator was faster, or the replay began and did not end.
 */
const STALE = new Set([
  'replay_conflict',
  'dead_letter_replayed',
  'dead_letter_discarded',
  'dead_letter_not_found',
  'outcome_unknown',
  'log_unavailable',
  'overloaded',
]);

export interface Decision {
  isBusy: boolean;
  problem: ApiProblem | undefined;
  /** @returns whether it was done */
  run: (call: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

/** One call of an operator at a time, and why the last one was refused. */
export const useDecision = (onStale: () => void): Decision => {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const run = async (call: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await call();
      return true;
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      if (STALE.has(refused.code)) onStale();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run, clear: () => setProblem(undefined) };
};
