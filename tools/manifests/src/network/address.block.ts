import { objectsAt, textAt, type Manifest } from '../document.ts';

/** A range of addresses that a network policy lets in, or lets its pods connect to. */
export interface AddressBlock {
  direction: 'ingress' | 'egress';
  cidr: string;
  addresses: number;
  /** Empty: every port. */
  ports: readonly number[];
  /** By the ports. DNS: a resolver with an address of its own on each node, such as NodeLocal DNSCache. */
  purpose: 'API server' | 'DNS' | 'other';
}

const PORTS = { 'API server': [443, 6443], DNS: [53, 5353] } as const;

const purposeOf = (ports: readonly number[]): AddressBlock['purpose'] => {
  const isOnly = (purpose: keyof typeof PORTS) =>
    ports.length > 0 && ports.every((port) => (PORTS[purpose] as readonly number[]).includes(port));
  return isOnly('API server') ? 'API server' : isOnly('DNS') ? 'DNS' : 'other';
};

const sizeOf = (cidr: string): number => {
  const bits = cidr.includes(':') ? 128 : 32;
  return 2 ** (bits - Number(cidr.split('/')[1]));
};

/** The blocks of a policy. `except` is not looked at: a block with exceptions counts as a whole. A range of ports is `other`. */
export const blocksOf = (policy: Manifest): AddressBlock[] =>
  (['ingress', 'egress'] as const).flatMap((direction) =>
    objectsAt(policy, 'spec', direction).flatMap((rule) => {
      const ports = objectsAt(rule, 'ports').map((port) => Number(port['endPort'] === undefined ? port['port'] : NaN));
      return objectsAt(rule, direction === 'ingress' ? 'from' : 'to')
        .map((peer) => textAt(peer, 'ipBlock', 'cidr'))
        .filter((cidr) => cidr !== '')
        .map((cidr) => ({ direction, cidr, addresses: sizeOf(cidr), ports, purpose: purposeOf(ports) }));
    }),
  );

/** The first address of each block that policies name for the API server; none: they name its ports only. */
export const apiServerAddresses = (policies: readonly Manifest[]): string[] => [
  ...new Set(
    policies
      .flatMap(blocksOf)
      .filter(({ direction, purpose }) => direction === 'egress' && purpose === 'API server')
      .map(({ cidr }) => cidr.split('/')[0]!),
  ),
];
