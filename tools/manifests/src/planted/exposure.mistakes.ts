import type { Manifest } from '../document.ts';
import { CONTAINER, edit, find, variable, type PlantedMistake } from './planted.mistake.ts';

/** Adds a rule of ingress or egress to a policy. */
const addRule =
  (policy: string, direction: 'ingress' | 'egress', [cidr, ...ports]: readonly [cidr: string, ...ports: number[]]) =>
  (documents: Manifest[]) => {
    const spec = find(documents, 'NetworkPolicy', policy)['spec'] as Record<string, unknown[]>;
    const peers = [{ ipBlock: { cidr } }];
    spec[direction]!.push({
      [direction === 'ingress' ? 'from' : 'to']: peers,
      ports: ports.map((port) => ({ protocol: 'TCP', port })),
    });
  };

const COLLECTOR = 'http://opentelemetry-collector.observability.svc:4318';

/** The rule of k8s/components/tracing, in a policy of every app. */
const allowCollector = (documents: Manifest[]): void => {
  const { egress } = find(documents, 'NetworkPolicy', 'apps-to-servers')['spec'] as Record<string, unknown[]>;
  egress!.push({
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'opentelemetry-collector' } },
      },
    ],
    ports: [{ protocol: 'TCP', port: 4318 }],
  });
};

const ROUTE = ['HTTPRoute', 'wiber'] as const;
const RULE = ['spec', 'rules', 0] as const;
type Plant = readonly [name: string, code: PlantedMistake['code'], plant: PlantedMistake['plant']];

const PLANTS: readonly Plant[] = [
  [
    'a route that takes every path',
    'exposed',
    edit(...ROUTE, [...RULE, 'matches'], [{ path: { type: 'PathPrefix', value: '/' } }]),
  ],
  ['a route without paths', 'exposed', edit(...ROUTE, [...RULE, 'matches'], undefined)],
  ['a route to the metrics', 'exposed', edit(...ROUTE, [...RULE, 'matches', 0, 'path', 'value'], '/metrics')],
  ['a route to ingest', 'exposed', edit(...ROUTE, [...RULE, 'backendRefs', 0], { name: 'ingest', port: 8100 })],
  [
    'a route that changes the path',
    'exposed',
    edit(
      ...ROUTE,
      [...RULE, 'filters'],
      [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/metrics' } } }],
    ),
  ],
  ['a service with a load balancer', 'exposed', edit('Service', 'gateway', ['spec', 'type'], 'LoadBalancer')],
  ['a service with an outer address', 'exposed', edit('Service', 'metrics', ['spec', 'externalIPs'], ['192.0.2.1'])],
  ['a host that no listener takes', 'reference_missing', edit(...ROUTE, ['spec', 'hostnames'], ['api.example.org'])],
  [
    'a debugger that listens',
    'variable_value',
    variable('gateway', 'NODE_OPTIONS', '--max-old-space-size=512 --inspect=0.0.0.0:9229'),
  ],
  ['a gateway open to a private network', 'edge_open', addRule('gateway', 'ingress', ['10.0.0.0/8', 8000])],
  ['apps that may connect to a private network', 'edge_open', addRule('dns', 'egress', ['10.0.0.0/8', 53])],
  ['one address with a port of neither', 'edge_open', addRule('dns', 'egress', ['10.0.0.1/32', 8080])],
  ['traces that no policy lets out', 'edge_refused', variable('gateway', 'OTEL_EXPORTER_OTLP_ENDPOINT', COLLECTOR)],
  ['apps that may reach a collector that none is told of', 'edge_open', allowCollector],
  ['apps that may ask the API server', 'edge_open', addRule('apps-to-servers', 'egress', ['10.0.0.1/32', 443])],
];

/** What can be called from outside. */
export const EXPOSURE_MISTAKES: readonly PlantedMistake[] = [
  ...PLANTS.map(([name, code, plant]) => ({ name, code, overlay: 'production' as const, plant })),
  {
    name: 'an ingress for everything else',
    code: 'exposed',
    overlay: 'dev',
    plant: edit('Ingress', 'wiber', ['spec', 'defaultBackend'], {
      service: { name: 'gateway', port: { name: 'http' } },
    }),
  },
  {
    name: 'an ingress that changes the path',
    code: 'exposed',
    overlay: 'dev',
    plant: edit('Ingress', 'wiber', ['metadata', 'annotations'], { 'nginx.ingress.kubernetes.io/rewrite-target': '/' }),
  },
  {
    name: 'a shell in place of the app',
    code: 'command_changed',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'command'], ['/bin/sh', '-c', 'node main.js']),
  },
  {
    name: 'the image of another app',
    code: 'command_changed',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'image'], 'wiber/ingest:0.1.0'),
  },
  {
    name: 'another version from another registry',
    code: 'image_tag',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'image'], 'registry.example.org:5000/wiber/gateway:0.0.7'),
  },
];
