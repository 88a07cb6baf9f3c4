import { BlockList } from 'node:net';
import { fieldsAt, listAt, objectsAt, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
import { selectsLabels } from './label.selector.ts';
import type { Actor, Port } from './made.pods.ts';

export type Direction = 'Ingress' | 'Egress';

/** One connection: from a pod of `from` to a port of a pod of `to`. */
export interface Connection {
  from: Actor;
  to: Actor;
  port: Port;
  /** The address of an actor outside the cluster, for rules with an ipBlock. */
  address?: string | undefined;
}

const isInBlock = (address: string, block: Fields): boolean => {
  const inside = (cidr: string): boolean => {
    const list = new BlockList();
    const [network = '', prefix = ''] = cidr.split('/');
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
    return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  };
  return inside(textAt(block, 'cidr')) && !listAt(block, 'except').some((one) => inside(String(one)));
};

/** Without namespaceSelector a peer is in the namespace of the policy. Both selectors together: both hold. */
const isPeer = (
  peer: Fields,
  other: Actor,
  { policy, address }: { policy: Manifest; address: string | undefined },
): boolean => {
  if (peer['ipBlock']) return address !== undefined && isInBlock(address, fieldsAt(peer, 'ipBlock'));
  if (other.namespace === undefined) return false;
  const isInNamespace = peer['namespaceSelector']
    ? selectsLabels(peer['namespaceSelector'], other.namespaceLabels)
    : other.namespace === policy.metadata.namespace;
  return isInNamespace && (!peer['podSelector'] || selectsLabels(peer['podSelector'], other.labels));
};

/** A port that is a name is that of the pod which is connected to. */
const isPort = (rule: Fields, port: Port, to: Actor): boolean => {
  if ((textAt(rule, 'protocol') || 'TCP') !== port.protocol) return false;
  const wanted = valueAt(rule, 'port');
  if (wanted === undefined) return true;
  if (typeof wanted === 'string')
    return to.ports.some((one) => one.name === wanted && one.port === port.port && one.protocol === port.protocol);
  const last = valueAt(rule, 'endPort');
  return typeof last === 'number' ? port.port >= Number(wanted) && port.port <= last : port.port === wanted;
};

const typesOf = (policy: Manifest): readonly string[] => {
  const types = listAt(policy, 'spec', 'policyTypes').map(String);
  if (types.length > 0) return types;
  return valueAt(policy, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
};

/**
 * Whether the policies of one end let a connection pass: the egress of `from`, or the ingress of `to`. It passes when both
 * do. Pods that no policy of this direction selects may do everything; others what one of these policies allows.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const mayPass = (
  policies: readonly Manifest[],
  direction: Direction,
  { from, to, port, address }: Connection,
): boolean => {
  const [self, other] = direction === 'Egress' ? [from, to] : [to, from];
  if (self.namespace === undefined) return true;
  const own = policies.filter(
    (policy) =>
      policy.metadata.namespace === self.namespace &&
      typesOf(policy).includes(direction) &&
      selectsLabels(fieldsAt(policy, 'spec', 'podSelector'), self.labels),
  );
  if (own.length === 0) return true;
  const [rules, peers] = direction === 'Egress' ? ['egress', 'to'] : ['ingress', 'from'];
  return own.some((policy) =>
    objectsAt(policy, 'spec', rules!).some((rule) => {
      const named = objectsAt(rule, peers!);
      const ports = objectsAt(rule, 'ports');
      return (
        (named.length === 0 || named.some((peer) => isPeer(peer, other, { policy, address }))) &&
        (ports.length === 0 || ports.some((one) => isPort(one, port, to)))
      );
    }),
  );
};
