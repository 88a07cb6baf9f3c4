import type { mongo } from 'mongoose';
import { LEASE_ENDS } from '@wiber/resilience';
import { TERM_MAX } from '../fence/lease.fence.ts';
import { TERMS_NEWEST, type LeaseTermDocument } from './lease-term.schema.ts';

const MAJORITY_ON_PRIMARY = { readPreference: 'primary', readConcern: { level: 'majority' } } as const;

/** MongoDB compares numbers of each type with each other, and an array by its elements. */
const number = { $type: 'number', $not: { $type: 'array' } };
const text = { $type: 'string', $not: { $type: 'array' } };
const IS_TERM = { $gte: 0, $lte: TERM_MAX, $not: { $type: 'array' } };
const LASTS = { term: IS_TERM, holder: text, since: number, until: { $exists: false } };
const ENDED = {
  term: IS_TERM,
  holder: text,
  since: number,
  renewedAt: number,
  until: number,
  end: { $in: LEASE_ENDS },
};

/** How many terms are judged at a time, and how many documents are named. */
const JUDGED_MAX = 1000;
const NAMED_MAX = 20;

/** The documents of the ended terms of a lease. Those with values of other types are left out, however many there are. */
export const endedTermsOf = (lease: string): mongo.Document => ({ lease, ...ENDED });

/**
 * The highest term that any document of the collection has; 0 when none has one. Values of other types are passed over,
 * and a part of a number is rounded up: no term may go back behind them.
 */
export const highestTerm = async <D extends mongo.Document>(
  collection: mongo.Collection<D>,
  { filter = {}, maxTimeMS }: { filter?: mongo.Document; maxTimeMS: number },
): Promise<number> => {
  const highest = { _id: 0, term: { $toLong: { $ceil: '$term' } } };
  const stages = [
    { $match: { ...filter, term: IS_TERM } },
    { $sort: { term: -1 } },
    { $limit: 1 },
    { $project: highest },
  ];
  const [last] = await collection.aggregate<{ term: number }>(stages, { ...MAJORITY_ON_PRIMARY, maxTimeMS }).toArray();
  return last?.term ?? 0;
};

/** The ids of documents, among the newest terms of a lease, that no lease has written. */
export const oddTermsOf = async (terms: mongo.Collection<LeaseTermDocument>, lease: string): Promise<unknown[]> => {
  const stages = [
    { $match: { lease } },
    // A term that is no number stands before all numbers or behind all; the index has both ends.
    { $sort: { term: -1 } },
    { $limit: JUDGED_MAX },
    { $match: { $nor: [LASTS, ENDED] } },
    { $limit: NAMED_MAX },
    { $project: { _id: 1 } },
  ];
  const found = await terms
    .aggregate<{ _id: unknown }>(stages, { ...MAJORITY_ON_PRIMARY, hint: TERMS_NEWEST })
    .toArray();
  return found.map(({ _id }) => _id);
};
