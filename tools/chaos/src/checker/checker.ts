import { checkDeadLetters, checkPoison } from './dead-letter.invariants.ts';
import { checkDuplicates, checkFates, checkReadsAfterWrite } from './fate.invariants.ts';
import { logicalMessages } from './logical.message.ts';
import type { Observation } from './observation.ts';
import { checkMonotonicPages, checkOneOrder, checkReadBack, checkRealTimeOrder } from './order.invariants.ts';
import { checkCoverage, checkMembers } from './store.invariants.ts';
import { INVARIANTS, type Invariant, type Violation } from './violation.ts';

export interface Verdict {
  invariant: Invariant;
  promise: string;
  /** How often it was broken. */
  broken: number;
  /** The smallest of them, by what it takes to write it down. */
  smallest: Violation | undefined;
}

const sizeOf = (violation: Violation): number => JSON.stringify(violation.witness).length;

/** One verdict for each invariant, whether it held or not. Pure: the same observation gives the same verdicts. */
export const check = (observation: Observation): Verdict[] => {
  const messages = logicalMessages(observation.sends);
  const violations = [
    ...checkFates(observation, messages),
    ...checkDuplicates(observation),
    ...checkReadsAfterWrite(observation),
    ...checkOneOrder(observation),
    ...checkRealTimeOrder(observation, messages),
    ...checkMonotonicPages(observation),
    ...checkReadBack(observation),
    ...checkCoverage(observation),
    ...checkDeadLetters(observation),
    ...checkPoison(observation),
    ...checkMembers(observation),
  ];
  const found = Map.groupBy(violations, ({ invariant }) => invariant);
  return (Object.keys(INVARIANTS) as Invariant[]).map((invariant) => {
    const broken = found.get(invariant) ?? [];
    const smallest = broken.length > 0 ? broken.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a)) : undefined;
    return { invariant, promise: INVARIANTS[invariant], broken: broken.length, smallest };
  });
};
