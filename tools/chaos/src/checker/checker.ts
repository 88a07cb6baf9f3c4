import { checkAnswers, checkLiveness, checkSettled, checkTopicRisks } from './answer.invariants.ts';
import { checkDeadLetters, checkPoison } from './dead-letter.invariants.ts';
import { checkDuplicates, checkFates, checkReadsAfterWrite } from './fate.invariants.ts';
import { checkFigures } from './figures.invariants.ts';
import { checkForeign } from './foreign.invariant.ts';
import { checkLeadership } from './leadership.invariants.ts';
import { groupSends } from './logical.message.ts';
import type { Observation } from './observation.ts';
import {
  checkMonotonicPages,
  checkOneOrder,
  checkReadBack,
  checkRealTimeOrder,
  checkUserPages,
} from './order.invariants.ts';
import { checkRefused } from './refused.invariant.ts';
import { checkCoverage, checkMembers } from './store.invariants.ts';
import { INVARIANTS, type Invariant, type Violation } from './violation.ts';

export interface Verdict {
  invariant: Invariant;
  promise: string;
  /** The number of violations. */
  broken: number;
  /** The violation whose witness is shortest as JSON. */
  smallest: Violation | undefined;
}

const sizeOf = (violation: Violation): number => JSON.stringify(violation.witness).length;

/** Returns one verdict for each invariant, held or broken. Pure: the same observation gives the same verdicts. */
export const check = (observation: Observation): Verdict[] => {
  const messages = groupSends(observation.sends);
  const violations = [
    ...checkFates(observation, messages),
    ...checkRefused(observation, messages),
    ...checkAnswers(observation),
    ...checkLiveness(observation),
    ...checkSettled(observation),
    ...checkTopicRisks(observation),
    ...checkForeign(observation),
    ...checkDuplicates(observation),
    ...checkReadsAfterWrite(observation),
    ...checkOneOrder(observation),
    ...checkRealTimeOrder(observation, messages),
    ...checkMonotonicPages(observation),
    ...checkReadBack(observation),
    ...checkUserPages(observation),
    ...checkCoverage(observation),
    ...checkDeadLetters(observation),
    ...checkPoison(observation),
    ...checkMembers(observation),
    ...checkLeadership(observation),
    ...checkFigures(observation),
  ];
  const byInvariant = Map.groupBy(violations, ({ invariant }) => invariant);
  return (Object.keys(INVARIANTS) as Invariant[]).map((invariant) => {
    const broken = byInvariant.get(invariant) ?? [];
    const smallest = broken.length > 0 ? broken.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a)) : undefined;
    return { invariant, promise: INVARIANTS[invariant], broken: broken.length, smallest };
  });
};
