import { electionOf, type SetElection } from '@wiber/evidence';
import type { Cluster } from '../cluster.ts';
import type { Demonstration } from './demonstration.ts';

const SELECT_MS = 2000;

const textOf = (cluster: Cluster, { term, states }: SetElection): string =>
  `term ${term}: ${[...states].map(([address, state]) => `${cluster.memberAt(address)} ${state}`).join(', ')}`;

export const PRIMARY: Demonstration = {
  kind: 'primary',
  what: 'the primary of the replica set',
  rule: 'a secondary calls an election after electionTimeoutMillis without the primary, 5 s here',
  aim: async ({ cluster }) => {
    const before = await electionOf(cluster.mongoUri);
    const target = cluster.memberAt(before.primary);
    return {
      target,
      before: [`replSetGetStatus: ${textOf(cluster, before)}`],
      takenOver: async () => {
        const now = await electionOf(cluster.mongoUri, SELECT_MS);
        if (now.term <= before.term) throw new Error(`nobody was elected after term ${before.term}`);
        return [`${cluster.memberAt(now.primary)} is elected`, `replSetGetStatus: ${textOf(cluster, now)}`];
      },
      after: async () => [`replSetGetStatus: ${textOf(cluster, await electionOf(cluster.mongoUri))}`],
    };
  },
};
