import { CONTAINER, POD, edit, variable, type PlantedMistake } from './planted.mistake.ts';

/** How pods run. */
export const POD_MISTAKES: readonly PlantedMistake[] = [
  {
    name: 'a probe path that does not exist',
    code: 'probe_path',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'readinessProbe', 'httpGet', 'path'], '/healthz'),
  },
  {
    name: "the contract's readiness for the orchestrator",
    code: 'probe_wrong',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'readinessProbe', 'httpGet', 'path'], '/health/readiness'),
  },
  {
    name: 'a liveness that asks the servers',
    code: 'probe_wrong',
    overlay: 'dev',
    plant: edit('Deployment', 'ingest', [...CONTAINER, 'livenessProbe', 'httpGet', 'path'], '/health/serving'),
  },
  {
    name: 'no startup probe',
    code: 'probe_missing',
    overlay: 'dev',
    plant: edit('Deployment', 'metrics', [...CONTAINER, 'startupProbe'], undefined),
  },
  {
    name: 'the tag latest',
    code: 'image_tag',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'image'], 'wiber/gateway:latest'),
  },
  {
    name: 'no tag, from a registry with a port',
    code: 'image_tag',
    overlay: 'dev',
    plant: edit('StatefulSet', 'kafka', [...CONTAINER, 'image'], 'registry.example.org:5000/apache/kafka'),
  },
  {
    name: 'an image of another version',
    code: 'image_tag',
    overlay: 'production',
    plant: edit('Deployment', 'ingest', [...CONTAINER, 'image'], 'wiber/ingest:0.0.9'),
  },
  {
    name: 'no limit of memory',
    code: 'limit_missing',
    overlay: 'dev',
    plant: edit('Deployment', 'metrics', [...CONTAINER, 'resources', 'limits'], undefined),
  },
  {
    name: 'a grace that ends before the stop',
    code: 'grace_too_short',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...POD, 'terminationGracePeriodSeconds'], 15),
  },
  {
    name: 'a longer drain in the same grace',
    code: 'grace_too_short',
    overlay: 'dev',
    plant: variable('gateway', 'DRAIN_MS', '25000'),
  },
  {
    name: 'no preStop',
    code: 'prestop_missing',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'lifecycle'], undefined),
  },
  {
    name: 'a mounted token',
    code: 'token_mounted',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...POD, 'automountServiceAccountToken'], true),
  },
  {
    name: 'variables of services',
    code: 'service_links',
    overlay: 'dev',
    plant: edit('Deployment', 'ingest', [...POD, 'enableServiceLinks'], undefined),
  },
  {
    name: 'capabilities that are kept',
    code: 'not_restricted',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'securityContext', 'capabilities'], undefined),
  },
  {
    name: 'a pod that may run as root',
    code: 'not_restricted',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...POD, 'securityContext', 'runAsNonRoot'], false),
  },
  {
    name: 'a capability that is added',
    code: 'not_restricted',
    overlay: 'production',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'securityContext', 'capabilities', 'add'], ['SYS_ADMIN']),
  },
  {
    name: 'a port of the host',
    code: 'not_restricted',
    overlay: 'production',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'ports', 0, 'hostPort'], 8000),
  },
  {
    name: 'a folder of the host',
    code: 'not_restricted',
    overlay: 'production',
    plant: edit('Deployment', 'gateway', [...POD, 'volumes', 0], { name: 'tmp', hostPath: { path: '/var/log' } }),
  },
  {
    name: 'a namespace without the restricted standard',
    code: 'not_restricted',
    overlay: 'production',
    plant: edit('Namespace', 'wiber', ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'], 'baseline'),
  },
  {
    name: 'a root folder that can be written',
    code: 'root_writable',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'securityContext', 'readOnlyRootFilesystem'], undefined),
  },
];
