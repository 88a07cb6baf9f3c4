import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { leaseFollower, leaseUpdates, windowPolicy } = PRODUCT_MODULES;

export const LEASE_BY_SERVER_CLOCK: Mutant = {
  name: 'lease-by-server-clock',
  description: 'whether a lease has expired is judged by the clock of the primary alone',
  needs: 'clocks',
  patches: [
    ...patchesOf(leaseUpdates, [
      [
        'return changeIf({ $and: [isAt(call.seen), { $or: [{ $not: [isHeld] }, hasExpired] }] },',
        'return changeIf({ $or: [{ $not: [isHeld] }, hasExpired] },',
      ],
    ]),
    ...patchesOf(leaseFollower, [
      [
        "return observed.isOld(now) ? { type: 'acquire', ...take, seen } : { type: 'look' };",
        "return { type: 'acquire', ...take, seen };",
      ],
    ]),
  ],
};

export const LATE_RECORDS_DROPPED: Mutant = {
  name: 'late-records-dropped',
  description: 'a record that was appended more than a minute ago, by the clock of its broker, is in no window',
  needs: 'clocks',
  patches: patchesOf(windowPolicy, [
    ['at > now - WINDOW_MS[span] - keptMs[span] - MARGIN_MS', 'at > now - WINDOW_MS[span] - 60000'],
  ]),
};

/** Only a wrong clock of a server shows these. */
export const CLOCK_MUTANTS: readonly Mutant[] = [LEASE_BY_SERVER_CLOCK, LATE_RECORDS_DROPPED];
