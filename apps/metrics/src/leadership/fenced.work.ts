import { FencedError } from '@wiber/mongo';
import type { Lead } from './leader.task.ts';

/** The first refusal by the fence among failures, if there is one. */
export const fencedAmong = (failures: readonly unknown[]): FencedError | undefined =>
  failures.find((failure) => failure instanceof FencedError);

/**
 * Ends a run in which MongoDB has refused a write by the fence. The run has changed nothing more, and the next leader goes on
 * from what is written.
 * @throws FencedError, when this worker still leads by its own clock: the run failed, and it comes again after a pause
 */
export const endFenced = (lead: Lead, refusal: FencedError): void => {
  if (refusal.isOutranked) lead.outranked(refusal.storedTerm);
  if (lead.isValid() && !lead.signal.aborted) throw refusal;
};
