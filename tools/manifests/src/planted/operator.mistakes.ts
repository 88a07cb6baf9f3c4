import { edit, type PlantedMistake } from './planted.mistake.ts';

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

/** What operators make servers of. */
export const OPERATOR_MISTAKES: readonly PlantedMistake[] = [
  ...UNSAFE.map(([name, ...edited]) => ({
    name,
    code: 'server_unsafe' as const,
    overlay: 'production' as const,
    plant: edit(...edited),
  })),
  {
    name: 'a topic of another cluster',
    code: 'selector_drift',
    overlay: 'production',
    plant: edit('KafkaTopic', 'wiber.messages', ['metadata', 'labels', 'strimzi.io/cluster'], 'other'),
  },
];
