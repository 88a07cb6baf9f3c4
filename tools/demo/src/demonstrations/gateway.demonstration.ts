import type { Send } from '../traffic/send.ts';
import type { Demonstration } from './demonstration.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** For each of these senders, when its first message after the kill was acknowledged. */
const firstAcknowledged = (sends: readonly Send[], senders: readonly string[], killedAt: number): Map<string, Send> => {
  const wanted = new Set(senders);
  const found = new Map<string, Send>();
  for (const send of sends) {
    if (send.sentAt < killedAt || send.outcome.type !== 'acknowledged' || !wanted.has(send.fromUser)) continue;
    if (!found.has(send.fromUser)) found.set(send.fromUser, send);
  }
  return found;
};

export const GATEWAY: Demonstration = {
  kind: 'gateway',
  what: 'a gateway with half of the clients',
  rule: 'clients leave a gateway that refuses a connection, or whose probe /health/serving fails',
  aim: async ({ cluster, traffic }) => {
    const [target = '', ...others] = cluster.gateways.map(({ instance }) => instance);
    const senders = traffic.sendersOf(target);
    const lines = cluster.gateways.map(
      ({ instance }) => `${instance} has ${traffic.sendersOf(instance).length} of ${traffic.plan.clients} clients`,
    );
    return {
      target,
      before: [lines.join(', ')],
      takenOver: async (killedAt) => {
        const moved = firstAcknowledged(traffic.sends, senders, killedAt);
        const left = senders.length - moved.size;
        if (left > 0) throw new Error(`${left} clients of ${target} have no acknowledged message since`);
        const times = [...moved.values()].map(({ answeredAt }) => answeredAt - killedAt).sort((a, b) => a - b);
        return [
          `all ${senders.length} clients of ${target} are served by ${others.join(', ')}: ` +
            `the first after ${seconds(times[0] ?? 0)}, the last after ${seconds(times.at(-1) ?? 0)}`,
        ];
      },
      after: async () => {
        const lately = traffic.sends.slice(-traffic.plan.ratePerS);
        const home = new Set(
          lately
            .filter(({ gateway, outcome }) => gateway === target && outcome.type === 'acknowledged')
            .map(({ fromUser }) => fromUser),
        );
        return [`${home.size} clients are back at ${target}`];
      },
    };
  },
};
