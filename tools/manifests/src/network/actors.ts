import { objectsAt, ofKind, textAt, type Fields } from '../document.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import { podSources } from '../pod.sources.ts';
import { apiServerAddresses } from './address.block.ts';
import { collectorOf, type Collector } from './collector.ts';
import { madePods, namespaceLabel, type Actor, type Port } from './made.pods.ts';

/** A port on which no pod listens: no connection to it is ever needed. */
export const OTHER_PORT: Port = { port: 1, protocol: 'TCP' };

const tcp = (port: number): Port => ({ port, protocol: 'TCP' });

const portsOf = (container: Fields): Port[] =>
  objectsAt(container, 'ports').map((port) => ({
    port: Number(textAt(port, 'containerPort')),
    protocol: textAt(port, 'protocol') === 'UDP' ? 'UDP' : 'TCP',
    name: textAt(port, 'name'),
  }));

const inNamespace = (namespace: string, labels: Readonly<Record<string, string>> = {}) => ({
  namespace,
  namespaceLabels: { ...namespaceLabel(namespace), ...labels },
});

/** The collector, by the label of the Helm chart opentelemetry-collector, and a pod beside it. */
const collectorActors = ({ namespace, port }: Collector): Actor[] => [
  {
    name: 'collector',
    ...inNamespace(namespace),
    labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' },
    ports: [tcp(port)],
  },
  { name: 'other beside the collector', ...inNamespace(namespace), labels: {}, ports: [tcp(port)] },
];

/** Whoever may try to connect to a pod of the overlay, or be connected to by one. */
const outsiders = (namespace: string, api: readonly string[]): Actor[] => [
  { name: 'client pod', ...inNamespace(namespace), labels: { 'wiber/client': 'true' }, ports: [] },
  { name: 'other pod', ...inNamespace(namespace), labels: {}, ports: [] },
  { name: 'proxy', ...inNamespace('proxies', { 'wiber/client': 'true' }), labels: {}, ports: [tcp(443)] },
  { name: 'other namespace', ...inNamespace('others'), labels: {}, ports: [tcp(8080)] },
  {
    name: 'DNS',
    ...inNamespace('kube-system'),
    labels: { 'k8s-app': 'kube-dns' },
    ports: [{ port: 53, protocol: 'UDP' }, tcp(53)],
  },
  {
    name: 'Prometheus',
    ...inNamespace('monitoring'),
    labels: { 'app.kubernetes.io/name': 'prometheus' },
    ports: [tcp(9090)],
  },
  { name: 'KEDA', ...inNamespace('keda'), labels: { app: 'keda-operator' }, ports: [tcp(9666)] },
  { name: 'Strimzi', ...inNamespace('strimzi'), labels: { 'strimzi.io/kind': 'cluster-operator' }, ports: [tcp(8080)] },
  // Pods beside those that may connect.
  ...['kube-system', 'monitoring', 'keda', 'strimzi'].map((other) => ({
    name: `other in ${other}`,
    ...inNamespace(other),
    labels: {},
    ports: [tcp(53)],
  })),
  { name: 'API server', namespaceLabels: {}, labels: {}, ports: [tcp(443), tcp(6443)], addresses: api },
  // RFC 5737: an address that nobody has.
  { name: 'internet', namespaceLabels: {}, labels: {}, ports: [tcp(80), tcp(443)], addresses: ['203.0.113.1'] },
];

/** Everything that may be an end of a connection: pods of the overlay first, then what is outside. */
export const actorsOf = (overlay: Overlay): Actor[] => {
  const { documents, namespace } = overlay;
  const pods = podSources(documents).map(({ owner, labels, containers }) => ({
    name: owner.metadata.name,
    ...inNamespace(namespace),
    labels,
    ports: containers.flatMap(portsOf),
  }));
  return [
    ...pods,
    ...madePods(overlay),
    ...collectorActors(collectorOf(overlay)),
    ...outsiders(namespace, apiServerAddresses(ofKind(documents, 'NetworkPolicy'))),
  ];
};
