import { fieldsAt, ofKind, type Manifest } from '../document.ts';
import { CONTAINER, POD, edit, set, variable, type PlantedMistake } from './planted.mistake.ts';

type Edited = readonly [name: string, ...edit: Parameters<typeof edit>];

const LISTENER = ['spec', 'kafka', 'listeners', 0] as const;
const CONFIG = ['spec', 'kafka', 'config'] as const;
const SECURITY = ['spec', 'security'] as const;

const UNSAFE: readonly Edited[] = [
  ['a listener without a login', 'Kafka', 'wiber', [...LISTENER, 'authentication'], undefined],
  ['a listener without TLS', 'Kafka', 'wiber', [...LISTENER, 'tls'], false],
  ['a listener that Strimzi opens to every pod', 'Kafka', 'wiber', [...LISTENER, 'networkPolicyPeers'], undefined],
  ['users of Kafka without bounds', 'Kafka', 'wiber', ['spec', 'kafka', 'authorization'], undefined],
  ['a user who may do everything', 'Kafka', 'wiber', ['spec', 'kafka', 'authorization', 'superUsers'], ['CN=me']],
  ['committed offsets on one broker', 'Kafka', 'wiber', [...CONFIG, 'offsets.topic.replication.factor'], 1],
  ['a leader that lacks records', 'Kafka', 'wiber', [...CONFIG, 'unclean.leader.election.enable'], true],
  ['a log that goes with its pod', 'KafkaNodePool', 'brokers', ['spec', 'storage'], { type: 'ephemeral' }],
  [
    'a log that goes with its resource',
    'KafkaNodePool',
    'brokers',
    ['spec', 'storage', 'volumes', 0, 'deleteClaim'],
    true,
  ],
  ['one broker', 'KafkaNodePool', 'brokers', ['spec', 'replicas'], 1],
  ['two members', 'MongoDBCommunity', 'wiber-mongodb', ['spec', 'members'], 2],
  ['MongoDB without TLS', 'MongoDBCommunity', 'wiber-mongodb', [...SECURITY, 'tls', 'enabled'], false],
  ['MongoDB without a login', 'MongoDBCommunity', 'wiber-mongodb', [...SECURITY, 'authentication', 'modes'], []],
];

/** Changes a value of the ConfigMap that every app reads. */
export const setting = (name: string, change: (value: string) => string) => (documents: Manifest[]) =>
  ofKind(documents, 'ConfigMap')
    .map((map) => fieldsAt(map, 'data'))
    .filter((data) => name in data)
    .forEach((data) => set(data, [name], change(String(data[name]))));

const TRIGGER = ['spec', 'triggers', 0] as const;
const NAMED: readonly (readonly [name: string, plant: PlantedMistake['plant']])[] = [
  ['a service account that nobody makes', edit('Deployment', 'gateway', [...POD, 'serviceAccountName'], 'gate')],
  ['a mount without a volume', edit('Deployment', 'gateway', [...CONTAINER, 'volumeMounts', 0, 'name'], 'temp')],
  ['a topic that nobody makes', setting('KAFKA_TOPIC', () => 'messages')],
  ['a user of Kafka that nobody makes', variable('gateway', 'KAFKA_SASL_USERNAME', 'wiber')],
  ['a user of MongoDB that nobody makes', variable('gateway', 'MONGO_USERNAME', 'wiber')],
  ['Kafka of another namespace', setting('KAFKA_BOOTSTRAP_SERVERS', (hosts) => hosts.replace('.wiber.', '.other.'))],
  ['a member of another set', setting('MONGO_URI', (uri) => uri.replace('wiber-mongodb-2', 'wiber-mongodb-3'))],
  ['another replica set', setting('MONGO_URI', (uri) => uri.replace('replicaSet=wiber-mongodb', 'replicaSet=wiber'))],
  ['a scaler without a login', edit('ScaledObject', 'ingest', [...TRIGGER, 'authenticationRef'], undefined)],
  ['a scaler without TLS', edit('ScaledObject', 'ingest', [...TRIGGER, 'metadata', 'tls'], 'disable')],
  ['a route of no listener', edit('HTTPRoute', 'wiber', ['spec', 'parentRefs', 0, 'sectionName'], 'http')],
];

/** What operators make servers of, and what apps call these. */
export const OPERATOR_MISTAKES: readonly PlantedMistake[] = [
  ...UNSAFE.map(([name, ...edited]) => ({
    name,
    code: 'server_unsafe' as const,
    overlay: 'production' as const,
    plant: edit(...edited),
  })),
  ...NAMED.map(([name, plant]) => ({
    name,
    code: 'reference_missing' as const,
    overlay: 'production' as const,
    plant,
  })),
  {
    name: 'a connection string that takes any certificate',
    code: 'server_unsafe',
    overlay: 'production',
    plant: setting('MONGO_URI', (uri) => `${uri}&tlsInsecure=true`),
  },
  {
    name: 'a topic of another cluster',
    code: 'selector_drift',
    overlay: 'production',
    plant: edit('KafkaTopic', 'wiber.messages', ['metadata', 'labels', 'strimzi.io/cluster'], 'other'),
  },
];
