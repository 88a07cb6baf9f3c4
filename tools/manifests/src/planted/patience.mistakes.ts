import { fieldsAt, type Fields, type Manifest } from '../document.ts';
import { CONTAINER, POD, edit, find, type PlantedMistake } from './planted.mistake.ts';

const PROBE = (name: string, field: string) => [...CONTAINER, name, field];
const GATEWAY = ['Deployment', 'gateway'] as const;

const impatient = (documents: Manifest[]) => {
  edit(...GATEWAY, PROBE('livenessProbe', 'periodSeconds'), 1)(documents);
  edit(...GATEWAY, PROBE('livenessProbe', 'failureThreshold'), 1)(documents);
};

const secondScaler = (documents: Manifest[]) => {
  const { spec, ...scaler } = structuredClone(find(documents, 'HorizontalPodAutoscaler', 'gateway'));
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ingest' };
  const metadata = { ...scaler.metadata, name: 'ingest' };
  documents.push({ ...scaler, metadata, spec: { ...(spec as Fields), scaleTargetRef } });
};

const setTwice = (documents: Manifest[]) => {
  const container = fieldsAt(find(documents, ...GATEWAY), ...CONTAINER);
  container['env'] = [...(container['env'] as Fields[]), { name: 'STOP_MS', value: '6000' }];
};

type Plant = readonly [name: string, code: PlantedMistake['code'], plant: PlantedMistake['plant']];
const PLANTS: readonly Plant[] = [
  ['a liveness that kills at the first late answer', 'probe_wrong', impatient],
  ['a start that has two seconds', 'probe_wrong', edit(...GATEWAY, PROBE('startupProbe', 'failureThreshold'), 1)],
  [
    'a readiness that outlasts its period',
    'probe_wrong',
    edit(...GATEWAY, PROBE('readinessProbe', 'timeoutSeconds'), 60),
  ],
  ['a probe over TLS', 'probe_wrong', edit(...GATEWAY, [...PROBE('readinessProbe', 'httpGet'), 'scheme'], 'HTTPS')],
  [
    'an answer for Prometheus after the next question',
    'probe_wrong',
    edit('ServiceMonitor', 'gateway', ['spec', 'endpoints', 0, 'scrapeTimeout'], '60s'),
  ],
  [
    'no request of processor time under its autoscaler',
    'limit_missing',
    edit(...GATEWAY, [...CONTAINER, 'resources', 'requests', 'cpu'], undefined),
  ],
  ['two autoscalers of one deployment', 'replicas_twice', secondScaler],
  ['a deployment that is paused', 'paused', edit(...GATEWAY, ['spec', 'paused'], true)],
  [
    'a scaler that is paused',
    'paused',
    edit('ScaledObject', 'ingest', ['metadata', 'annotations'], { 'autoscaling.keda.sh/paused-replicas': '0' }),
  ],
  [
    'Kafka without its operator',
    'paused',
    edit('Kafka', 'wiber', ['metadata', 'annotations'], { 'strimzi.io/pause-reconciliation': 'true' }),
  ],
  [
    'a rollout that fails before it can end',
    'rollout_unsafe',
    edit('Deployment', 'ingest', ['spec', 'progressDeadlineSeconds'], 10),
  ],
  ['a variable that is set twice', 'variable_value', setTwice],
  [
    'a volume in memory over the limit',
    'heap_over_limit',
    edit(...GATEWAY, [...POD, 'volumes', 0, 'emptyDir'], { medium: 'Memory', sizeLimit: '4Gi' }),
  ],
  [
    'files of a group that the pod is not in',
    'reference_missing',
    edit(...GATEWAY, [...POD, 'securityContext', 'fsGroup'], undefined),
  ],
  ['names of the cluster that nobody finds', 'reference_missing', edit(...GATEWAY, [...POD, 'dnsPolicy'], 'Default')],
  [
    'an optional Secret that is misspelt',
    'reference_missing',
    (documents) => {
      const variables = fieldsAt(find(documents, ...GATEWAY), ...CONTAINER)['env'] as Fields[];
      const token = variables.find((one) => one['name'] === 'OPERATOR_TOKEN');
      fieldsAt(token, 'valueFrom', 'secretKeyRef')['name'] = 'wiber-operatr';
    },
  ],
];

/** Probes, autoscalers and rollouts that end pods too soon, or never act. */
export const PATIENCE_MISTAKES: readonly PlantedMistake[] = PLANTS.map(([name, code, plant]) => ({
  name,
  code,
  overlay: 'production',
  plant,
}));
