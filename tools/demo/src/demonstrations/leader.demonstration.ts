import { leaderAt } from '../stats.client.ts';
import type { Demonstration } from './demonstration.ts';

export const LEADER: Demonstration = {
  kind: 'leader',
  what: 'the metrics worker that leads',
  rule: 'another worker takes the lease when it has seen the same beat for 1 ttl, 4 s (METRICS_LEASE_TTL_MS)',
  recounts: true,
  aim: async ({ cluster }) => {
    const { url } = cluster.gateways[0]!;
    const { leader } = await leaderAt(url);
    if (!leader) throw new Error('no metrics worker leads');
    return {
      target: leader.holder,
      before: [`GET /stats/leader: ${leader.holder} leads in term ${leader.term}`],
      takenOver: async () => {
        const { leader: now, history } = await leaderAt(url);
        if (!now || now.term <= leader.term) throw new Error(`nobody leads after term ${leader.term}`);
        const ended = history.find(({ term }) => term === leader.term);
        return [
          `GET /stats/leader: ${now.holder} leads in term ${now.term}; term ${leader.term} of ${leader.holder} ended: ${ended?.end ?? 'not in the history yet'}`,
        ];
      },
      after: async () => {
        const { leader: now } = await leaderAt(url);
        return [
          `GET /stats/leader: ${now?.holder ?? 'nobody'} leads in term ${now?.term ?? 0}; ${leader.holder} is a contender again`,
        ];
      },
    };
  },
};
