import { isApp } from '../app.settings.ts';
import {
  fieldsAt,
  labelsAt,
  nameOf,
  objectsAt,
  ofKind,
  textAt,
  valueAt,
  type Fields,
  type Manifest,
} from '../document.ts';
import { environmentOf } from '../container.environment.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';
import { selectsLabels } from '../network/label.selector.ts';

const PORT_VARIABLE = { gateway: 'API_PORT', ingest: 'INGEST_PORT', metrics: 'METRICS_PORT' } as const;
const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'];

const hasPort = (containers: readonly Fields[], port: string): boolean =>
  containers.some((container) =>
    objectsAt(container, 'ports').some((one) => textAt(one, 'name') === port || textAt(one, 'containerPort') === port),
  );

const probePorts = (container: Fields): string[] =>
  PROBES.flatMap((probe) => [
    textAt(container, probe, 'httpGet', 'port'),
    textAt(container, probe, 'tcpSocket', 'port'),
  ]).filter((port) => port !== '');

const containerFindings = ({ owner, containers }: PodSource, documents: readonly Manifest[]) =>
  containers.flatMap((container) => {
    const where = nameOf(owner);
    const name = textAt(container, 'name');
    const unknown = probePorts(container)
      .filter((port) => !hasPort([container], port))
      .map((port) => finding('port_mismatch', where, `a probe asks port ${port}; the container has none of that name`));
    if (!isApp(name)) return unknown;
    const listens = environmentOf(container, documents).find((one) => one.name === PORT_VARIABLE[name])?.value;
    if (listens !== undefined && hasPort([container], listens)) return unknown;
    return [
      ...unknown,
      finding('port_mismatch', where, `${PORT_VARIABLE[name]} is ${listens}; no port of the container is`),
    ];
  });

const serviceFindings = (service: Manifest, pods: readonly PodSource[]) => {
  const selected = pods.filter(({ labels }) =>
    selectsLabels({ matchLabels: labelsAt(service, 'spec', 'selector') }, labels),
  );
  return objectsAt(service, 'spec', 'ports')
    .map((port) => textAt(port, 'targetPort') || textAt(port, 'port'))
    .filter((port) => selected.length > 0 && !selected.every(({ containers }) => hasPort(containers, port)))
    .map((port) => finding('port_mismatch', nameOf(service), `no container that it selects has the port ${port}`));
};

/** Ports of services that routes, ingresses and monitors name. */
const servicePorts = (document: Manifest, services: readonly Manifest[]): { service: string; port: string }[] => {
  if (document.kind === 'HTTPRoute')
    return objectsAt(document, 'spec', 'rules')
      .flatMap((rule) => objectsAt(rule, 'backendRefs'))
      .map((ref) => ({ service: textAt(ref, 'name'), port: textAt(ref, 'port') }));
  if (document.kind === 'Ingress')
    return objectsAt(document, 'spec', 'rules')
      .flatMap((rule) => objectsAt(rule, 'http', 'paths'))
      .map((path) => fieldsAt(path, 'backend', 'service'))
      .map((ref) => ({
        service: textAt(ref, 'name'),
        port: textAt(ref, 'port', 'name') || textAt(ref, 'port', 'number'),
      }));
  const monitored = services.filter((one) =>
    selectsLabels(fieldsAt(document, 'spec', 'selector'), labelsAt(one, 'metadata', 'labels')),
  );
  return objectsAt(document, 'spec', 'endpoints').flatMap((endpoint) =>
    monitored.map((service) => ({ service: service.metadata.name, port: textAt(endpoint, 'port') })),
  );
};

/** Each port that a probe, a service, a route or a monitor names is one that a container listens on. */
export const portRules: Rule = ({ documents }: OverlayView) => {
  const pods = podSources(documents);
  const services = ofKind(documents, 'Service');
  const known = (service: string, port: string) =>
    services.some(
      (one) =>
        one.metadata.name === service &&
        objectsAt(one, 'spec', 'ports').some((each) => valueAt(each, 'name') === port || textAt(each, 'port') === port),
    );
  const users = ofKind(documents, 'HTTPRoute', 'Ingress', 'ServiceMonitor');
  return [
    ...pods.flatMap((pod) => containerFindings(pod, documents)),
    ...services.flatMap((service) => serviceFindings(service, pods)),
    ...users.flatMap((user) =>
      servicePorts(user, services)
        .filter(({ service, port }) => !known(service, port))
        .map(({ service, port }) =>
          finding('port_mismatch', nameOf(user), `there is no service ${service} with the port ${port}`),
        ),
    ),
  ];
};
