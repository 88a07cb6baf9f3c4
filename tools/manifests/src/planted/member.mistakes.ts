import type { Fields, Manifest } from '../document.ts';
import { CONTAINER, POD, edit, find, set, type PlantedMistake } from './planted.mistake.ts';

const POOL = ['KafkaNodePool', 'brokers'] as const;
const MONGODB = ['MongoDBCommunity', 'wiber-mongodb'] as const;

/** Changes a variable of the broker of `dev`. */
const ofBroker = (name: string, value: string) => (documents: Manifest[]) => {
  const spec = find(documents, 'StatefulSet', 'kafka')['spec'] as { template: { spec: { containers: Fields[] } } };
  const variables = spec.template.spec.containers[0]!['env'] as Fields[];
  set(
    variables.find((one) => one['name'] === name)!,
    ['value'],
    value,
  );
};

const withoutOption = (option: string) => (documents: Manifest[]) => {
  const spec = find(documents, 'Job', 'topics')['spec'] as { template: { spec: { containers: { args: string[] }[] } } };
  const [job] = spec.template.spec.containers;
  job!.args = job!.args.map((text) => text.replace(option, ''));
};

const onEmptyDir = (documents: Manifest[]) => {
  edit('StatefulSet', 'mongodb', ['spec', 'volumeClaimTemplates'], undefined)(documents);
  edit('StatefulSet', 'mongodb', [...POD, 'volumes', 1], { name: 'data', emptyDir: {} })(documents);
};

type Plant = readonly [name: string, code: PlantedMistake['code'], plant: PlantedMistake['plant']];
const DEV: readonly Plant[] = [
  ['topics that are deleted after a week', 'topic_unsafe', withoutOption('--config retention.ms=-1')],
  [
    'a broker that calls itself otherwise',
    'reference_missing',
    ofBroker('KAFKA_ADVERTISED_LISTENERS', 'PLAINTEXT://localhost:9092'),
  ],
  ['a log beside its volume', 'server_unsafe', ofBroker('KAFKA_LOG_DIRS', '/tmp/log')],
  ['data that goes with its pod', 'server_unsafe', onEmptyDir],
  [
    'a service that nobody makes',
    'reference_missing',
    edit('StatefulSet', 'mongodb', ['spec', 'serviceName'], 'mongo'),
  ],
  [
    'a replica set of another name',
    'reference_missing',
    edit('StatefulSet', 'mongodb', [...CONTAINER, 'args', 1], '--replSet=rs0'),
  ],
  ['a heap over the limit of its broker', 'heap_over_limit', ofBroker('KAFKA_HEAP_OPTS', '-Xmx1g')],
];

const PRODUCTION: readonly Plant[] = [
  ['a heap of Kafka over its limit', 'heap_over_limit', edit(...POOL, ['spec', 'jvmOptions', '-Xmx'], '64g')],
  [
    'a cache of MongoDB over its limit',
    'heap_over_limit',
    edit(...MONGODB, ['spec', 'additionalMongodConfig', 'storage.wiredTiger.engineConfig.cacheSizeGB'], 64),
  ],
  [
    'pods of Strimzi without a security context',
    'not_restricted',
    edit(...POOL, ['spec', 'template', 'kafkaContainer'], undefined),
  ],
  [
    'an entity operator that may run as root',
    'not_restricted',
    edit('Kafka', 'wiber', ['spec', 'entityOperator', 'template', 'pod', 'securityContext'], undefined),
  ],
  [
    'a budget that keeps every member of MongoDB',
    'budget_wrong',
    edit('PodDisruptionBudget', 'wiber-mongodb', ['spec', 'maxUnavailable'], 0),
  ],
  ['a budget with both numbers', 'budget_wrong', edit('PodDisruptionBudget', 'gateway', ['spec', 'minAvailable'], 1)],
];

const planted = (overlay: PlantedMistake['overlay'], plants: readonly Plant[]): PlantedMistake[] =>
  plants.map(([name, code, plant]) => ({ name, code, overlay, plant }));

/** The pods of Kafka and MongoDB: memory, volumes, names and who may end them. */
export const MEMBER_MISTAKES: readonly PlantedMistake[] = [
  ...planted('dev', DEV),
  ...planted('production', PRODUCTION),
];
