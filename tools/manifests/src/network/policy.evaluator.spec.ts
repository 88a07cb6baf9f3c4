import { describe, expect, it } from '@jest/globals';
import { readDocuments } from '../render/overlay.renderer.ts';
import type { Manifest } from '../document.ts';
import { namespaceLabel, type Actor, type Port } from './made.pods.ts';
import { mayPass, type Connection } from './policy.evaluator.ts';

const HTTP: Port = { port: 8000, protocol: 'TCP', name: 'http' };
const pod = (name: string, namespace = 'chat', labels: Record<string, string> = { app: name }): Actor => ({
  name,
  namespace,
  namespaceLabels: namespaceLabel(namespace),
  labels,
  ports: [HTTP],
});
const OUTSIDE: Actor = { name: 'outside', namespaceLabels: {}, labels: {}, ports: [HTTP] };

/** A policy of the namespace `chat` that selects the pods with app=api. */
const policy = (spec: string): Manifest =>
  readDocuments(
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: one, namespace: chat }
spec: { podSelector: { matchLabels: { app: api } }, ${spec} }`,
    'a spec',
  )[0]!;

const passes = (policies: Manifest[], connection: Connection): boolean =>
  mayPass(policies, 'Egress', connection) && mayPass(policies, 'Ingress', connection);
const allows = (policies: Manifest[], from: Actor, to: Actor): boolean => passes(policies, { from, to, port: HTTP });

describe('a connection passes', () => {
  it('when no policy selects its pods, or only one of another namespace', () => {
    expect(allows([], pod('web'), pod('api'))).toBe(true);
    expect(allows([policy('ingress: []')], pod('web', 'other'), pod('api', 'other'))).toBe(true);
  });

  it('unless a policy selects the pod and has no rule', () => {
    expect(allows([policy('ingress: []')], pod('web'), pod('api'))).toBe(false);
    expect(allows([policy('policyTypes: [Egress]')], pod('api'), pod('web'))).toBe(false);
  });

  it('in the direction that the policy does not name', () => {
    expect(allows([policy('policyTypes: [Egress]')], pod('web'), pod('api'))).toBe(true);
    expect(allows([policy('ingress: []')], pod('api'), pod('web'))).toBe(true);
  });

  it('when one of several policies allows it', () => {
    const open = policy('ingress: [{}]');
    expect(allows([policy('ingress: []'), open], pod('web'), pod('api'))).toBe(true);
  });

  it('only when both of its ends allow it', () => {
    const out = policy('policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: web } } }] }]');
    expect(allows([out], pod('api'), pod('web'))).toBe(true);
    expect(allows([out], pod('api'), pod('job'))).toBe(false);
  });

  it('when no type is named, also outward only if the policy has egress rules', () => {
    expect(allows([policy('egress: []')], pod('api'), pod('web'))).toBe(false);
    expect(allows([policy('egress: []')], pod('web'), pod('api'))).toBe(false);
  });
});

describe('a peer', () => {
  const from = (peers: string) => [policy(`ingress: [{ from: [${peers}] }]`)];

  it('with a podSelector alone is in the namespace of the policy', () => {
    const peers = from('{ podSelector: { matchLabels: { app: web } } }');
    expect(allows(peers, pod('web'), pod('api'))).toBe(true);
    expect(allows(peers, pod('web', 'other'), pod('api'))).toBe(false);
  });

  it('with a namespaceSelector alone is every pod of these namespaces', () => {
    const peers = from('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } } }');
    expect(allows(peers, pod('any', 'other'), pod('api'))).toBe(true);
    expect(allows(peers, pod('any'), pod('api'))).toBe(false);
  });

  it('with both selectors needs both; two peers need one', () => {
    const selectors = [
      'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } }',
      'podSelector: { matchLabels: { app: web } }',
    ];
    expect(allows(from(`{ ${selectors.join(', ')} }`), pod('any', 'other'), pod('api'))).toBe(false);
    expect(allows(from(selectors.map((one) => `{ ${one} }`).join(', ')), pod('any', 'other'), pod('api'))).toBe(true);
  });

  it('with an empty selector is every pod, and nothing outside the cluster', () => {
    expect(allows(from('{ namespaceSelector: {} }'), pod('any', 'other'), pod('api'))).toBe(true);
    expect(allows(from('{ namespaceSelector: {} }'), OUTSIDE, pod('api'))).toBe(false);
  });

  it('with an ipBlock is an address in it that is not in its exceptions', () => {
    const policies = from('{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }');
    const isIn = (address: string) =>
      mayPass(policies, 'Ingress', { from: OUTSIDE, to: pod('api'), port: HTTP, address });
    expect(['10.2.3.4', '10.1.3.4', '11.0.0.1'].map(isIn)).toEqual([true, false, false]);
  });
});

describe('a port', () => {
  const ports = (list: string) => [policy(`ingress: [{ ports: [${list}] }]`)];

  it.each([
    ['{ port: 8000 }', 8000, 'TCP', true],
    ['{ port: 8000 }', 8001, 'TCP', false],
    ['{ port: 8000 }', 8000, 'UDP', false],
    ['{ port: 8000, protocol: UDP }', 8000, 'UDP', true],
    ['{ port: 7000, endPort: 8000 }', 8000, 'TCP', true],
    ['{ port: 7000, endPort: 8000 }', 8001, 'TCP', false],
    ['{ protocol: UDP }', 53, 'UDP', true],
    ['{ port: http }', 8000, 'TCP', true],
    ['{ port: http }', 8001, 'TCP', false],
  ] as const)('%s takes %i/%s: %s', (list, port, protocol, isTaken) => {
    expect(passes(ports(list), { from: pod('web'), to: pod('api'), port: { port, protocol } })).toBe(isTaken);
  });
});
