import type { Cluster } from '../cluster.ts';
import { readGenerations } from '../evidence/generation.log.ts';
import type { Demonstration } from './demonstration.ts';
import { groupText, instanceOf } from './group.text.ts';

const generationText = ({ logs }: Cluster): string => {
  const last = readGenerations(logs).at(-1);
  return last ? `generation ${last.generation}, coordinator ${last.broker}` : 'generation not in the logs';
};

export const INGEST: Demonstration = {
  kind: 'ingest',
  what: 'a member of the consumer group',
  rule: 'a member is missed after its session, 6 s here (KAFKA_SESSION_TIMEOUT_MS; by default 30 s)',
  env: { KAFKA_SESSION_TIMEOUT_MS: '6000' },
  aim: async ({ cluster }) => {
    const members = await cluster.group.members();
    const victim = members.find(({ partitions }) => partitions.length > 0);
    if (!victim) throw new Error('no member of the group has a partition');
    const target = instanceOf(victim);
    return {
      target,
      partitions: victim.partitions,
      before: [`the group (${generationText(cluster)}): partitions: ${groupText(members)}`],
      takenOver: async () => {
        const now = await cluster.group.members();
        const others = now.filter(({ memberId }) => memberId !== victim.memberId);
        const assigned = new Set(others.flatMap(({ partitions }) => partitions));
        const waiting = victim.partitions.filter((partition) => !assigned.has(partition));
        if (now.length !== others.length || waiting.length > 0)
          throw new Error(`partitions ${waiting.join(', ')} of ${target} have no new owner`);
        const moved = victim.partitions.map((partition) => {
          const owner = others.find(({ partitions }) => partitions.includes(partition));
          return `${partition} to ${owner ? instanceOf(owner) : 'nobody'}`;
        });
        return [
          `partitions of ${target} moved: ${moved.join(', ')}`,
          `the group (${generationText(cluster)}): partitions: ${groupText(now)}`,
        ];
      },
      after: async () => [
        `the group (${generationText(cluster)}): partitions: ${groupText(await cluster.group.members())}`,
      ],
    };
  },
};
