import type { Rebuild } from '../rebuild/rebuild.run.ts';

const grouped = (value: number): string => value.toLocaleString('en');

const recordsIn = ({ ranges }: Rebuild): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);

export const textOf = (rebuild: Rebuild): string => {
  const { system, to, ranges, counts, hashes, knownBefore, seconds } = rebuild;
  const { topic, groupId, database, collection } = system;
  const before = ranges.reduce((sum, { from }) => sum + from, 0);
  const records = recordsIn(rebuild);
  return [
    `${to.database}.${to.collection} from ${topic}, up to the committed offsets of ${groupId}`,
    `${grouped(records)} records in ${seconds.toFixed(1)} s: ${grouped(counts.stored)} stored, ${grouped(counts.repeats)} repeats, ` +
      `${grouped(counts.deadLettered)} dead-lettered, ${grouped(counts.poison)} that cannot be stored`,
    ...(before > 0
      ? [`retention has deleted ${grouped(before)} records before the start: neither side is compared there`]
      : []),
    ...(knownBefore > 0 ? [`${grouped(knownBefore)} repeats of messages from before the start are not compared`] : []),
    `${database}.${collection}  ${hashes.live}`,
    `${to.database}.${to.collection}  ${hashes.rebuilt}`,
    rebuild.first === undefined
      ? 'equal'
      : `different at ${grouped(rebuild.differences)} places, first ${rebuild.first}`,
  ].join('\n');
};

export const jsonOf = (rebuild: Rebuild): string =>
  JSON.stringify({ ...rebuild, equal: rebuild.first === undefined, records: recordsIn(rebuild) }, null, 2);
