import type { Fields, Value } from '../document.ts';
import {
  CONTAINER,
  edit,
  find,
  set,
  variable,
  withoutDocument,
  withoutVariable,
  type PlantedMistake,
} from './planted.mistake.ts';

const VOLUMES = ['spec', 'template', 'spec', 'volumes'] as const;

/** What apps are told: variables, files and secrets. */
export const SETTING_MISTAKES: readonly PlantedMistake[] = [
  {
    name: 'a misspelt variable',
    code: 'variable_unknown',
    overlay: 'dev',
    plant: variable('gateway', 'API_QUEUE_MAXIMUM', '5000'),
  },
  {
    name: 'a variable of another app',
    code: 'variable_unknown',
    overlay: 'dev',
    plant: variable('ingest', 'READ_DEADLINE_MS', '1500'),
  },
  {
    name: 'brokers on the loopback address by default',
    code: 'variable_missing',
    overlay: 'dev',
    plant: (documents) => {
      const map = documents.find(({ kind }) => kind === 'ConfigMap')!;
      delete (map['data'] as Fields)['KAFKA_BOOTSTRAP_SERVERS'];
    },
  },
  {
    name: 'a gateway that listens on the loopback address',
    code: 'variable_missing',
    overlay: 'dev',
    plant: withoutVariable('gateway', 'API_HOST'),
  },
  {
    name: 'a value out of its range',
    code: 'variable_value',
    overlay: 'dev',
    plant: variable('metrics', 'METRICS_PERIOD_MS', '5'),
  },
  {
    name: 'a heap over the limit of memory',
    code: 'heap_over_limit',
    overlay: 'dev',
    plant: variable('gateway', 'NODE_OPTIONS', '--max-old-space-size=1024'),
  },
  {
    name: 'a heap that fits, with buffers that do not',
    code: 'heap_over_limit',
    overlay: 'dev',
    plant: variable('gateway', 'HTTP_ANSWERS_MAX_MB', '512'),
  },
  {
    name: 'a password in an address',
    code: 'secret_in_manifest',
    overlay: 'dev',
    plant: variable('gateway', 'MONGO_URI', 'mongodb://wiber:word@mongodb-0.mongodb:27017/?replicaSet=wiber'),
  },
  {
    name: 'a token in plain text',
    code: 'secret_in_manifest',
    overlay: 'dev',
    plant: variable('gateway', 'OPERATOR_TOKEN', 'a-token-in-plain-text'),
  },
  {
    name: 'a key that the Secret lacks',
    code: 'reference_missing',
    overlay: 'production',
    plant: (documents) => {
      const volumes = VOLUMES.reduce<Value>(
        (at, step) => (at as Fields)[step],
        find(documents, 'Deployment', 'gateway'),
      ) as readonly Fields[];
      const sources = volumes.flatMap(
        (one) => ((one['projected'] as Fields | undefined)?.['sources'] ?? []) as readonly Fields[],
      );
      set(sources[0]!, ['secret', 'items', 0, 'key'], 'ca.pem');
    },
  },
  {
    name: 'a file that no volume has',
    code: 'reference_missing',
    overlay: 'production',
    plant: variable('ingest', 'MONGO_TLS_CA_FILE', '/etc/wiber/mongo-ca.crt'),
  },
  {
    name: 'a user of Kafka whose Secret is mounted and who is gone',
    code: 'reference_missing',
    overlay: 'production',
    plant: withoutDocument('KafkaUser', 'wiber-ingest'),
  },
  {
    name: 'a password that is never renewed',
    code: 'secret_not_renewed',
    overlay: 'production',
    plant: edit(
      'Deployment',
      'gateway',
      [...CONTAINER, 'volumeMounts'],
      [
        { name: 'credentials', mountPath: '/etc/wiber/kafka-password', subPath: 'kafka-password' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    ),
  },
];
