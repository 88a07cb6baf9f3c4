import type { Fields } from '../document.ts';
import { CONTAINER, edit, find, variable, type PlantedMistake } from './planted.mistake.ts';

const SCALER = ['spec', 'triggers', 0, 'metadata'] as const;

/** What documents say of each other, and how they are written. */
export const DOCUMENT_MISTAKES: readonly PlantedMistake[] = [
  {
    name: 'an old API version of a budget',
    code: 'kind_unknown',
    overlay: 'dev',
    plant: edit('PodDisruptionBudget', 'gateway', ['apiVersion'], 'policy/v1beta1'),
  },
  {
    name: 'an old API version of a topic',
    code: 'kind_unknown',
    overlay: 'production',
    plant: edit('KafkaTopic', 'wiber.messages', ['apiVersion'], 'kafka.strimzi.io/v1beta2'),
  },
  {
    name: '`operation:` of an earlier Strimzi',
    code: 'schema_violation',
    overlay: 'production',
    plant: (documents) => {
      const acls = ((find(documents, 'KafkaUser', 'wiber-keda')['spec'] as Fields)['authorization'] as Fields)[
        'acls'
      ] as Fields[];
      delete acls[0]!['operations'];
      acls[0]!['operation'] = 'Describe';
    },
  },
  {
    name: 'a misspelt field of a probe',
    code: 'schema_violation',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...CONTAINER, 'readinessProbe', 'periodSecond'], 5),
  },
  {
    name: 'a number where a text belongs',
    code: 'schema_violation',
    overlay: 'dev',
    plant: variable('ingest', 'STOP_MS', 10_000 as unknown as string),
  },
  {
    name: 'a least number of pods over the most',
    code: 'schema_violation',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', ['spec', 'minReplicaCount'], 25),
  },
  {
    name: 'an alert that waits for a time in words',
    code: 'schema_violation',
    overlay: 'production',
    plant: edit('PrometheusRule', 'wiber', ['spec', 'groups', 5, 'rules', 0, 'for'], 'two minutes'),
  },
  {
    name: 'two listeners of a Gateway on one port',
    code: 'schema_violation',
    overlay: 'production',
    plant: (documents) => {
      const spec = find(documents, 'Gateway', 'wiber')['spec'] as Fields;
      const [first] = spec['listeners'] as Fields[];
      spec['listeners'] = [first!, { ...first, name: 'other' }];
    },
  },
  {
    name: 'a port on which nobody listens',
    code: 'port_mismatch',
    overlay: 'dev',
    plant: edit('Service', 'gateway', ['spec', 'ports', 0, 'targetPort'], 8080),
  },
  {
    name: 'a setting of the port that differs from the container',
    code: 'port_mismatch',
    overlay: 'dev',
    plant: variable('gateway', 'API_PORT', '8001'),
  },
  {
    name: 'a probe of a port that has another name',
    code: 'port_mismatch',
    overlay: 'dev',
    plant: edit('Deployment', 'ingest', [...CONTAINER, 'livenessProbe', 'httpGet', 'port'], 'metrics'),
  },
  {
    name: 'a route to a port that the service lacks',
    code: 'port_mismatch',
    overlay: 'production',
    plant: edit('HTTPRoute', 'wiber', ['spec', 'rules', 0, 'backendRefs', 0, 'port'], 80),
  },
  {
    name: 'an ingress to a port that the service lacks',
    code: 'port_mismatch',
    overlay: 'dev',
    plant: edit(
      'Ingress',
      'wiber',
      ['spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service', 'port', 'name'],
      'web',
    ),
  },
  {
    name: 'a selector that drifted from its pods',
    code: 'selector_drift',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', ['spec', 'selector', 'matchLabels', 'app.kubernetes.io/name'], 'api'),
  },
  {
    name: 'a service that finds no pod',
    code: 'selector_drift',
    overlay: 'dev',
    plant: edit('Service', 'gateway', ['spec', 'selector', 'app.kubernetes.io/name'], 'api'),
  },
  {
    name: 'a scaler of a deployment that is called otherwise',
    code: 'selector_drift',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', ['spec', 'scaleTargetRef', 'name'], 'writer'),
  },
  {
    name: 'a scaler that asks for another group',
    code: 'selector_drift',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', [...SCALER, 'consumerGroup'], 'wiber'),
  },
  {
    name: 'an object in another namespace',
    code: 'namespace_wrong',
    overlay: 'dev',
    plant: edit('Service', 'kafka', ['metadata', 'namespace'], 'default'),
  },
];
