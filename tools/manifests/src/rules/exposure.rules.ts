import {
  fieldsAt,
  labelsAt,
  listAt,
  nameOf,
  objectsAt,
  ofKind,
  textAt,
  valueAt,
  type Fields,
  type Manifest,
} from '../document.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** The paths that clients and operators call. /metrics and /health are for Prometheus and the kubelet. */
const PUBLIC = ['/messages', '/users', '/stats', '/dead-letters', '/docs', '/docs-json'];
/** The services that a route may lead to. */
const PUBLIC_SERVICES = ['gateway'];

interface Published {
  where: string;
  path: string;
  service: string;
}

/** Without `matches` a rule of a route takes every path. */
const routePaths = (route: Manifest): Published[] =>
  objectsAt(route, 'spec', 'rules').flatMap((rule) => {
    const paths = objectsAt(rule, 'matches').map((match) => textAt(match, 'path', 'value') || '/');
    return objectsAt(rule, 'backendRefs').flatMap((backend) =>
      (paths.length > 0 ? paths : ['/']).map((path) => ({
        where: nameOf(route),
        path,
        service: textAt(backend, 'name'),
      })),
    );
  });

const ingressPaths = (ingress: Manifest): Published[] => {
  const at = (path: string, backend: Fields): Published => ({
    where: nameOf(ingress),
    path,
    service: textAt(backend, 'service', 'name'),
  });
  return [
    ...(valueAt(ingress, 'spec', 'defaultBackend') ? [at('/', fieldsAt(ingress, 'spec', 'defaultBackend'))] : []),
    ...objectsAt(ingress, 'spec', 'rules')
      .flatMap((rule) => objectsAt(rule, 'http', 'paths'))
      .map((one) => at(textAt(one, 'path') || '/', fieldsAt(one, 'backend'))),
  ];
};

const publishedFindings = ({ where, path, service }: Published): Finding[] => [
  ...(PUBLIC.includes(path.replace(/(?<=.)\/$/, ''))
    ? []
    : [finding('exposed', where, `it publishes ${path}; clients call ${PUBLIC.join(', ')}`)]),
  ...(PUBLIC_SERVICES.includes(service)
    ? []
    : [finding('exposed', where, `it publishes the service ${service}; clients call the gateway`)]),
];

/** A rule that changes the path leads from a public one to any other. */
const rewriteFindings = (document: Manifest): Finding[] => {
  const filters = objectsAt(document, 'spec', 'rules').flatMap((rule) => [
    ...objectsAt(rule, 'filters'),
    ...objectsAt(rule, 'backendRefs').flatMap((backend) => objectsAt(backend, 'filters')),
  ]);
  const changes = [
    ...filters.map((filter) => textAt(filter, 'type')).filter((type) => type === 'URLRewrite'),
    ...Object.keys(labelsAt(document, 'metadata', 'annotations')).filter((name) => /rewrite|snippet/.test(name)),
  ];
  return changes.map((change) => finding('exposed', nameOf(document), `${change} leads to paths that are not public`));
};

/** A service has an address inside the cluster only: a node port or a load balancer passes by the routes. */
const serviceFindings = (service: Manifest): Finding[] => {
  const type = textAt(service, 'spec', 'type') || 'ClusterIP';
  const isInside = type === 'ClusterIP' && listAt(service, 'spec', 'externalIPs').length === 0;
  return isInside
    ? []
    : [finding('exposed', nameOf(service), `its type is ${type}; a route publishes what clients call, and no more`)];
};

/** Clients reach the gateway by its routes, on the paths that are for them. Nothing else leaves the cluster. */
export const exposureRules: Rule = ({ documents }: OverlayView) => [
  ...ofKind(documents, 'HTTPRoute').flatMap(routePaths).flatMap(publishedFindings),
  ...ofKind(documents, 'Ingress').flatMap(ingressPaths).flatMap(publishedFindings),
  ...ofKind(documents, 'HTTPRoute', 'Ingress').flatMap(rewriteFindings),
  ...ofKind(documents, 'Service').flatMap(serviceFindings),
];
