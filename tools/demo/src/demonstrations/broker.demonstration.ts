import { partitionStates, type PartitionState } from '@wiber/evidence';
import type { Demonstration } from './demonstration.ts';

/** One part for each partition: number, leader, in-sync replicas. */
const textOf = (states: readonly PartitionState[]): string =>
  states.map(({ partition, leader, inSync }) => `${partition}: ${leader} [${inSync.join(' ')}]`).join('   ');

const ledBy = (states: readonly PartitionState[], id: number): number[] =>
  states.filter(({ leader }) => leader === id).map(({ partition }) => partition);

export const BROKER: Demonstration = {
  kind: 'broker',
  what: 'the broker that leads most partitions',
  rule: 'a broker is fenced after its session, 2.5 s (broker.session.timeout.ms); then in-sync replicas lead',
  aim: async ({ cluster }) => {
    const before = await partitionStates(cluster.brokers(), cluster.topic);
    const ids = [...new Set(before.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b);
    const victim = ids.toSorted((a, b) => ledBy(before, b).length - ledBy(before, a).length)[0];
    if (victim === undefined) throw new Error(`${cluster.topic} has no partition`);
    const target = `kafka-${victim}`;
    const led = ledBy(before, victim);
    return {
      target,
      partitions: led,
      before: [
        `partition: leader [in-sync replicas]   ${textOf(before)}`,
        `${target} leads partitions ${led.join(', ')}`,
      ],
      takenOver: async () => {
        const now = await partitionStates(cluster.brokers(target), cluster.topic);
        const left = now.filter(({ leader, inSync }) => leader < 0 || leader === victim || inSync.includes(victim));
        if (left.length > 0) throw new Error(`${left.length} partitions still count on ${target}`);
        const moved = led.map((partition) => `${partition} to kafka-${now[partition]?.leader ?? '?'}`);
        return [
          `partition: leader [in-sync replicas]   ${textOf(now)}`,
          `leadership of ${target} moved: ${moved.join(', ')}`,
        ];
      },
      after: async () => [
        `partition: leader [in-sync replicas]   ${textOf(await partitionStates(cluster.brokers(), cluster.topic))}`,
      ],
    };
  },
};
