import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import type { Cluster } from '../../cluster.ts';
import { groupText, instanceOf } from '../../demonstrations/group.text.ts';
import { tellAndThrow } from '../../failover.watch.ts';
import { sinceText, tallyText } from '../tour.text.ts';
import { tallyOf } from '../../verdict/verdict.ts';
import type { TourStep } from '../tour.step.ts';

const WITHIN_MS = 60_000;

/** @throws Error until the new member of the group has partitions */
const requireShare = async (cluster: Cluster, instance: string): Promise<string> => {
  const members = await cluster.group.members();
  const own = members.find((member) => instanceOf(member) === instance);
  if (!own?.partitions.length) throw new Error(`${instance} has no partition yet`);
  return groupText(members);
};

export const SCALE: TourStep = {
  title: 'One more ingest',
  before: ({ cluster }) => [
    `Another ingest is started beside the ${cluster.counts.ingest} that run. It joins their consumer group, and Kafka divides the partitions anew.`,
    'Look at Flow: a new instance appears, and some partitions move to it. Storing stops while they move, for about a second; sending does not.',
  ],
  run: async ({ cluster, traffic }, { story, clock, plan, signal }) => {
    const begun = clock.now;
    const instance = await cluster.addIngest();
    story.tell(`${instance} is started`);
    const group = await eventually(() => requireShare(cluster, instance).catch(tellAndThrow(story)), {
      within: WITHIN_MS,
    });
    const joined = clock.now;
    story.tell(`partitions: ${group}`, 'good');
    await pause(plan.steadyMs.after, undefined, { signal });
    return {
      happened: [
        `${instance} had its partitions ${sinceText(begun, joined)} after its start. Since then: ${group}.`,
        `Meanwhile: ${tallyText(tallyOf(traffic.sends.filter(({ answeredAt }) => answeredAt >= begun)))}`,
      ],
    };
  },
};
