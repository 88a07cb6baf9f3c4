import type { mongo } from 'mongoose';
import type { Advance } from './topic.progress.ts';

/** The name of a partition's field: a name of digits alone could be taken for a place in an array. */
const nameOf = (partition: number): string => `p${partition}`;

/**
 * Positions and times only grow: each is a statement that stays true, whoever makes it. Gauges are replaced by a leader
 * whose term is not smaller than the last one's, so that a leader of the past changes nothing.
 */
export const advanceOf = ({ term, keptMs, streams }: Advance): mongo.Document[] => {
  const changes: mongo.Document = {};
  const isLeader = { $gte: [term, { $ifNull: ['$term', 0] }] };
  const set = (field: string, value: (present: string) => mongo.Document) => (changes[field] = value(`$${field}`));
  for (const [stream, { begin, next, completeTo, gauges }] of streams) {
    for (const [partition, position] of begin)
      for (const field of ['begin', 'next'])
        set(`${field}.${stream}.${nameOf(partition)}`, (present) => ({ $ifNull: [present, position] }));
    for (const [partition, position] of next)
      set(`next.${stream}.${nameOf(partition)}`, (present) => ({ $max: [present, position] }));
    if (completeTo !== undefined) set(`completeTo.${stream}`, (present) => ({ $max: [present, completeTo] }));
    for (const [partition, values] of gauges)
      for (const [name, value] of Object.entries(values))
        set(`gauges.${stream}.${nameOf(partition)}.${name}`, (present) => ({ $cond: [isLeader, value, present] }));
  }
  set('keptMs', (present) => ({ $cond: [isLeader, keptMs, present] }));
  set('term', (present) => ({ $max: [present, term] }));
  set('lastTerm', () => ({ $literal: term }));
  set('at', (present) => ({ $max: [present, { $toLong: '$$NOW' }] }));
  return [{ $set: changes }];
};
