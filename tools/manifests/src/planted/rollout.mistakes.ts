import { withoutDocument, POD, edit, type PlantedMistake } from './planted.mistake.ts';

const SCALER = ['spec', 'triggers', 0, 'metadata'] as const;

/** How many pods there are, and how they are replaced. */
export const ROLLOUT_MISTAKES: readonly PlantedMistake[] = [
  {
    name: 'more pods than partitions',
    code: 'partitions_exceeded',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', ['spec', 'maxReplicaCount'], 30),
  },
  {
    name: 'more fixed pods than partitions',
    code: 'partitions_exceeded',
    overlay: 'dev',
    plant: edit('Deployment', 'ingest', ['spec', 'replicas'], 7),
  },
  {
    name: 'a rollout of ingest beside the old pods',
    code: 'rollout_unsafe',
    overlay: 'dev',
    plant: edit('Deployment', 'ingest', ['spec', 'strategy', 'rollingUpdate', 'maxSurge'], 1),
  },
  {
    name: 'a spread that counts nodes which take no pod',
    code: 'spread_blocked',
    overlay: 'production',
    plant: edit('Deployment', 'gateway', [...POD, 'topologySpreadConstraints', 1, 'nodeTaintsPolicy'], undefined),
  },
  {
    name: 'no spread over zones',
    code: 'spread_missing',
    overlay: 'dev',
    plant: edit('Deployment', 'gateway', [...POD, 'topologySpreadConstraints', 0], {
      maxSkew: 1,
      topologyKey: 'rack',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: {},
    }),
  },
  {
    name: 'a budget that blocks every drain',
    code: 'budget_wrong',
    overlay: 'dev',
    plant: edit('PodDisruptionBudget', 'ingest', ['spec', 'maxUnavailable'], 0),
  },
  {
    name: 'no budget',
    code: 'budget_wrong',
    overlay: 'dev',
    plant: withoutDocument('PodDisruptionBudget', 'metrics'),
  },
  {
    name: 'a number of replicas beside the autoscaler',
    code: 'replicas_twice',
    overlay: 'production',
    plant: edit('Deployment', 'gateway', ['spec', 'replicas'], 2),
  },
  {
    name: 'a scaler without a version',
    code: 'scaler_version',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', [...SCALER, 'version'], undefined),
  },
  {
    name: 'a version that Kafka 4 refuses',
    code: 'scaler_version',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', [...SCALER, 'version'], '1.0.0'),
  },
  {
    name: 'no offsetResetPolicy',
    code: 'scaler_offsets',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', [...SCALER, 'offsetResetPolicy'], undefined),
  },
  {
    name: 'a short stabilisation',
    code: 'scaler_restless',
    overlay: 'production',
    plant: edit(
      'ScaledObject',
      'ingest',
      ['spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior', 'scaleDown', 'stabilizationWindowSeconds'],
      60,
    ),
  },
  {
    name: 'fewer pods while KEDA cannot ask Kafka',
    code: 'scaler_fallback',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', ['spec', 'fallback'], { failureThreshold: 4, replicas: 2 }),
  },
  {
    name: 'a scaler that leaves one pod',
    code: 'scaler_floor',
    overlay: 'production',
    plant: edit('ScaledObject', 'ingest', ['spec', 'minReplicaCount'], 1),
  },
];
