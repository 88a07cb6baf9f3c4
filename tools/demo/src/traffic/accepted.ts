import type { Cluster } from '../cluster.ts';
import type { Traffic } from './traffic.ts';

/** Every gateway has acknowledged a message. @throws Error that names one that has not */
export const requireAccepted = ({ cluster, traffic }: { cluster: Cluster; traffic: Traffic }): void => {
  const accepted = new Set(
    traffic.sends.flatMap(({ outcome, gateway }) => (outcome.type === 'acknowledged' ? [gateway] : [])),
  );
  const silent = cluster.gateways.find(({ instance }) => !accepted.has(instance));
  if (silent) throw new Error(`${silent.instance} has acknowledged no message`);
};
