import type { mongo } from 'mongoose';
import { ifLead } from '../fence/lease.fence.ts';
import { objectIn, wholeIn } from '../connection/stored.number.ts';
import type { Advance, StreamAdvance } from './topic.progress.ts';

/** A completeTo that is so much ahead of MongoDB's clock, in milliseconds, was made of a clock that was wrong. */
const AHEAD_MAX_MS = 60_000;
const NOW = { $toLong: '$$NOW' };
const OBJECTS = ['begin', 'next', 'completeTo', 'countedAt', 'gauges', 'keptFrom'];

/** The name of a partition's field: a name of digits alone could be taken for a place in an array. */
const nameOf = (partition: number): string => `p${partition}`;

/**
 * Positions and times only grow: each is a statement that stays true, whoever makes it. But a time that is ahead of the
 * clock is false, and is replaced. Gauges are replaced. The update fails where the fence does not hold, so a leader of the
 * past changes nothing. A value that is no number, as after a change by hand, is as if it were missing.
 * @param newId the id of a progress that has none
 */
export const advanceOf = ({ fence, keptMs, streams }: Advance, newId: string): mongo.Document[] => {
  const changes: mongo.Document = {};
  for (const [stream, advance] of streams) Object.assign(changes, changesOf(stream, advance));
  for (const [size, kept] of Object.entries(keptMs)) {
    const before = wholeIn(`$keptMs.${size}`);
    const isLonger = { $and: [{ $isNumber: before }, { $gt: [kept, before] }] };
    // What was kept for a shorter time is deleted: a longer one begins with what is kept now.
    const known = knownFrom(`$keptFrom.${size}`);
    const from = { $max: [known, { $subtract: [NOW, before] }] };
    changes[`keptFrom.${size}`] = { $cond: [isLonger, from, { $ifNull: [known, '$$REMOVE'] }] };
  }
  changes['keptMs'] = { $literal: keptMs };
  changes['term'] = { $literal: fence.term };
  changes['lastTerm'] = { $literal: fence.term };
  changes['at'] = NOW;
  changes['writes'] = { $add: [{ $ifNull: [wholeIn('$writes'), 0] }, 1] };
  changes['progressId'] = { $cond: [{ $eq: [{ $type: '$progressId' }, 'string'] }, '$progressId', newId] };
  const objects = { $set: Object.fromEntries(OBJECTS.map((field) => [field, objectIn(`$${field}`)])) };
  return [{ $replaceWith: ifLead(fence, '$$ROOT') }, objects, { $set: changes }];
};

/** A time of the future was made of a clock that was wrong: with it, nothing would be shown until then. */
const knownFrom = (field: string): mongo.Document => ({
  $cond: [{ $lte: [wholeIn(field), NOW] }, wholeIn(field), null],
});

const changesOf = (
  stream: string,
  { begin, next, completeTo, isWhole, gauges, gone }: StreamAdvance,
): mongo.Document => {
  const changes: mongo.Document = {};
  for (const [partition, position] of begin) {
    const [first, reached] = ['begin', 'next'].map((field) => `${field}.${stream}.${nameOf(partition)}`) as [
      string,
      string,
    ];
    changes[first] = { $ifNull: [wholeIn(`$${first}`), position] };
    changes[reached] = { $ifNull: [wholeIn(`$${reached}`), wholeIn(`$${first}`), position] };
  }
  for (const [partition, position] of next) {
    const field = `next.${stream}.${nameOf(partition)}`;
    changes[field] = { $max: [wholeIn(`$${field}`), position] };
  }
  const complete = `completeTo.${stream}`;
  const isPossible = { $lte: [wholeIn(`$${complete}`), { $add: [NOW, AHEAD_MAX_MS] }] };
  changes[complete] = { $max: [{ $cond: [isPossible, wholeIn(`$${complete}`), null] }, completeTo ?? null] };
  if (isWhole) changes[`countedAt.${stream}`] = NOW;
  for (const [partition, values] of gauges)
    for (const [name, value] of Object.entries(values) as [string, unknown][])
      changes[`gauges.${stream}.${nameOf(partition)}.${name}`] = { $literal: value };
  for (const partition of gone ?? []) changes[`gauges.${stream}.${nameOf(partition)}`] = '$$REMOVE';
  return changes;
};
