import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { leaseContender, leaseFollower, leaseStore, leaseTerm, leaseUpdates, windowUpdate } = PRODUCT_MODULES;

export const LEASE_BY_CLIENT_CLOCK: Mutant = {
  name: 'lease-by-client-clock',
  description: 'whether a lease has expired is judged by the wall clock of the worker that wants it',
  patches: [
    ...patchesOf(leaseUpdates, [
      [
        'return changeIf({ $and: [isAt(call.seen), { $or: [{ $not: [isHeld] }, hasExpired] }] },',
        "return changeIf({ $or: [{ $not: [isHeld] }, { $lte: ['$expiresAt', Date.now()] }] },",
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

export const LEASE_DELETED_ON_RELEASE: Mutant = {
  name: 'lease-deleted-on-release',
  description: 'a release deletes the lease, and a lease that does not exist begins with term 1',
  patches: [
    ...patchesOf(leaseStore, [
      [
        "const isFirst = call.type === 'acquire' && call.seen === undefined;",
        `if (call.type === 'release') {
            await this.ports.leases().deleteOne({ _id: lease, claim: call.claim });
            return null;
        }
        const isFirst = call.type === 'acquire' && call.seen === undefined;`,
      ],
    ]),
    // The product looks for the highest term anywhere, so this goes as well.
    ...patchesOf(leaseUpdates, [["{ $max: ['$term', above] }", "{ $ifNull: ['$term', 0] }"]]),
  ],
};

export const LEASE_UPSERT_ON_ANY: Mutant = {
  name: 'lease-upsert-on-any',
  description: 'the lease is upserted with the filter {}: two workers that find none at the same time make one each',
  patches: patchesOf(leaseStore, [
    ['findOneAndUpdate({ _id: lease }, update, options)', 'findOneAndUpdate({}, update, options)'],
    [
      'return this.ports.leases().findOne({ _id: lease }, options);',
      'return this.ports.leases().findOne({}, options);',
    ],
  ]),
};

export const COUNTED_WITHOUT_UP_TO: Mutant = {
  name: 'counted-without-up-to',
  description: 'the update of a window does not ask what the window has counted already',
  patches: patchesOf(windowUpdate, [['const isNew = { $lt: [upTo, first] };', 'const isNew = true;']]),
};

export const LEASE_FROM_ANSWER: Mutant = {
  name: 'lease-from-answer',
  description: 'the time of the holder counts from the answer to its renewal, not from before the renewal was sent',
  patches: patchesOf(leaseContender, [
    ['this.held?.renewed(answer, sentAtMs);', 'this.held?.renewed(answer, this.ports.now());'],
  ]),
};

export const LEASE_RELEASED_EARLY: Mutant = {
  name: 'lease-released-early',
  description: 'a worker that stops gives the lease back at once, although its work still goes on',
  patches: patchesOf(leaseTerm, [
    ["if (this.work !== 'running')", "if (this.work !== 'running' || this.ended === 'stopped')"],
  ]),
};

export const LEADER_MUTANTS: readonly Mutant[] = [
  LEASE_BY_CLIENT_CLOCK,
  LEASE_DELETED_ON_RELEASE,
  LEASE_UPSERT_ON_ANY,
  COUNTED_WITHOUT_UP_TO,
  LEASE_FROM_ANSWER,
  LEASE_RELEASED_EARLY,
];
