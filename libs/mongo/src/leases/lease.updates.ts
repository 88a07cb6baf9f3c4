import type { mongo } from 'mongoose';
import type { AcquireCall, LeaseBeat, LeaseCall, LeaseEnd, ReleaseCall, RenewCall, StealCall } from '@wiber/resilience';

/** The holder of a lease, and how long a lease lasts. */
export interface LeaseHolder {
  /** The name of the process, for people. */
  holder: string;
  /** In milliseconds. */
  ttlMs: number;
}

/** How many ended terms the lease itself keeps. More leaders than this in a row would have to die before the history has one. */
const RECENT_TERMS = 16;

/**
 * The clock of the server, in whole milliseconds: the same for every client, and fixed for the whole update.
 * Source: https://www.mongodb.com/docs/manual/reference/aggregation-variables/
 */
const NOW_MS = { $toLong: '$$NOW' };

/** A string that is no path of a field, although it may begin with `$`. */
const text = (value: string) => ({ $literal: value });
const isMissing = (path: string) => ({ $eq: [{ $type: path }, 'missing'] });
const isHeld = { $not: [isMissing('$claim')] };

/**
 * The update that each call is. Every condition is in the update and none in the filter, which is the `_id` alone: an
 * upsert with another filter races with the holder on the `_id` and fails with E11000, and $expr is refused in its filter.
 * When the condition does not hold, the document stays as it is, and the call returns it.
 */
export const updateOf = (call: Exclude<LeaseCall, { type: 'look' }>, by: LeaseHolder): mongo.Document[] => {
  switch (call.type) {
    case 'acquire':
      return changeIf(
        { $and: [isAt(call.seen), { $or: [{ $not: [isHeld] }, hasExpired] }] },
        taken(call, by, 'expired'),
      );
    case 'steal':
      return changeIf(isAt(call.seen), taken(call, by, call.end));
    case 'renew':
      return changeIf(isHeldBy(call), { $mergeObjects: ['$$ROOT', nextBeat, lease(by)] });
    case 'release':
      return changeIf(isHeldBy(call), { _id: '$_id', term: '$term', ...nextBeat, recent: recentWith(call.end) });
  }
};

const changeIf = (condition: mongo.Document, changed: mongo.Document): mongo.Document[] => [
  { $replaceWith: { $cond: [condition, changed, '$$ROOT'] } },
];

/** Compare-and-set: no two states of a lease have the same term and beat. */
const isAt = (seen: LeaseBeat | undefined): mongo.Document =>
  seen ? { $and: [{ $eq: ['$term', seen.term] }, { $eq: ['$beat', seen.beat] }] } : isMissing('$term');

const hasExpired = { $lte: ['$expiresAt', NOW_MS] };

const isHeldBy = ({ claim, term }: RenewCall | ReleaseCall): mongo.Document => ({
  $and: [{ $eq: ['$claim', text(claim)] }, { $eq: ['$term', term] }],
});

const nextBeat = { beat: { $add: ['$beat', 1] } };

const lease = ({ ttlMs }: LeaseHolder) => ({ renewedAt: NOW_MS, expiresAt: { $add: [NOW_MS, ttlMs] }, ttlMs });

const taken = ({ claim, above }: AcquireCall | StealCall, by: LeaseHolder, end: LeaseEnd): mongo.Document => ({
  _id: '$_id',
  // $max passes over a field that is missing.
  term: { $add: [{ $max: ['$term', above] }, 1] },
  beat: { $literal: 0 },
  claim: text(claim),
  holder: text(by.holder),
  since: NOW_MS,
  ...lease(by),
  recent: recentWith(end),
});

/** The ended terms, with the present one, if there is one, as the newest. */
const recentWith = (end: LeaseEnd): mongo.Document => {
  const present = {
    term: '$term',
    holder: '$holder',
    since: '$since',
    renewedAt: '$renewedAt',
    until: NOW_MS,
    end: text(end),
  };
  const ended = { $cond: [isHeld, [present], []] };
  // Anything but an array would fail each take, and nobody would lead.
  const before = { $cond: [{ $isArray: '$recent' }, '$recent', []] };
  return { $slice: [{ $concatArrays: [ended, before] }, RECENT_TERMS] };
};
