import type { Rebuild } from '../rebuild/rebuild.run.ts';

const whole = (value: number): string => value.toLocaleString('en');

const recordsIn = ({ ranges }: Rebuild): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);

export const textOf = (rebuild: Rebuild): string => {
  const { system, to, ranges, counts, hashes, knownBefore, seconds } = rebuild;
  const { topic, groupId, database, collection } = system;
  const begins = ranges.reduce((sum, { from }) => sum + from, 0);
  const records = recordsIn(rebuild);
  return [
    `${to}.${collection} from ${topic}, up to where ${groupId} has committed`,
    `${whole(records)} records in ${seconds.toFixed(1)} s: ${whole(counts.stored)} stored, ${whole(counts.repeats)} repeats, ` +
      `${whole(counts.deadLettered)} dead-lettered, ${whole(counts.poison)} that can't be stored`,
    ...(begins > 0
      ? [`retention has taken ${whole(begins)} records before the start: they are left out on both sides`]
      : []),
    ...(knownBefore > 0 ? [`${whole(knownBefore)} repeats of messages from before the start are left out`] : []),
    `${database}.${collection}  ${hashes.live}`,
    `${to}.${collection}  ${hashes.rebuilt}`,
    rebuild.first === undefined ? 'equal' : `different at ${whole(rebuild.differences)} places, first ${rebuild.first}`,
  ].join('\n');
};

export const jsonOf = (rebuild: Rebuild): string =>
  JSON.stringify({ ...rebuild, equal: rebuild.first === undefined, records: recordsIn(rebuild) }, null, 2);
