import type { mongo } from 'mongoose';
import type { LeaseFence } from '@wiber/resilience';
import { SAMPLE_SIZE, type Figures } from '@wiber/contracts';
import { ifLead } from '../fence/lease.fence.ts';
import { objectIn, wholeIn } from '../connection/stored.number.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** What some records of one partition add to one window. */
export interface WindowDelta {
  window: WindowKey;
  /** The offsets of its first and last record. */
  first: number;
  last: number;
  figures: Figures;
  /** When the window may be deleted; undefined: never. */
  expireAt: Date | undefined;
}

/**
 * Adds the figures, unless the window has counted any of these records already: then nothing changes, and the caller reads
 * `upTo`. One atomic change of one document, so it does not matter who else writes. A figure that is no number, as after a
 * change by hand, begins anew: it must not keep the other windows from being counted. Without a whole number in `upTo` nobody
 * knows what the window holds, so nothing is added to it. It fails where the fence does not hold, also for a missing window.
 * @param upsert whether a missing window is made
 */
export const updateOf = (
  { window, first, last, figures, expireAt }: WindowDelta,
  { fence, upsert }: { fence: LeaseFence; upsert: boolean },
): mongo.AnyBulkWriteOperation<WindowDocument> => {
  const isMade = { $ne: [{ $type: '$upTo' }, 'missing'] };
  const added = {
    ...(window.span === 'total' ? { first: { $cond: [isMade, '$first', first] } } : {}),
    upTo: last,
    counts: { $mergeObjects: [objectIn('$counts'), sumsOf(figures.counts)] },
    samples: { $mergeObjects: [objectIn('$samples'), unionsOf(figures.samples, SAMPLE_SIZE[window.span])] },
    ...(expireAt ? { expireAt } : {}),
    term: { $literal: fence.term },
    lastTerm: { $literal: fence.term },
  };
  const upTo = { $cond: [isMade, { $ifNull: [wholeIn('$upTo'), Infinity] }, -1] };
  const isNew = { $lt: [upTo, first] };
  const counted = { $cond: [isNew, { $mergeObjects: ['$$ROOT', added] }, '$$ROOT'] };
  const update = [{ $replaceWith: ifLead(fence, counted) }];
  return { updateOne: { filter: { _id: window }, update, upsert } };
};

const sumsOf = (counts: Figures['counts']): mongo.Document =>
  Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [
      name,
      { $add: [{ $ifNull: [wholeIn(`$counts.${name}`), 0] }, count] },
    ]),
  );

/** The smallest hashes of both, each once. */
const unionsOf = (samples: Figures['samples'], size: number): mongo.Document =>
  Object.fromEntries(
    Object.entries(samples).map(([name, hashes]) => {
      const present = { $cond: [{ $isArray: `$samples.${name}` }, `$samples.${name}`, []] };
      const both = { $setUnion: [present, [...hashes]] };
      return [name, { $slice: [{ $sortArray: { input: both, sortBy: 1 } }, size] }];
    }),
  );
