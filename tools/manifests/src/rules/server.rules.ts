import {
  fieldsAt,
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

/** One may be away, and the others still have a majority. */
const LEAST = 3;
/** What topics get that no document sets, as the one with the committed offsets. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'default.replication.factor': 3,
  'min.insync.replicas': 2,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
};
const CLUSTER = 'strimzi.io/cluster';

const unsafe = (document: Manifest, message: string): Finding => finding('server_unsafe', nameOf(document), message);

const listenerFaults = (listener: Fields): string[] => {
  const name = `the listener ${textAt(listener, 'name')}`;
  return [
    ...(listener['tls'] === true ? [] : [`${name} has no TLS`]),
    ...(textAt(listener, 'authentication', 'type') === 'scram-sha-512' ? [] : [`${name} asks for no SCRAM login`]),
    // Strimzi makes a policy of its own: without peers, it lets every pod in.
    ...(objectsAt(listener, 'networkPolicyPeers').length > 0 ? [] : [`${name} has no networkPolicyPeers`]),
  ];
};

const kafkaFaults = (kafka: Manifest): string[] => {
  const config = fieldsAt(kafka, 'spec', 'kafka', 'config');
  const authorization = fieldsAt(kafka, 'spec', 'kafka', 'authorization');
  const low = Object.entries(AT_LEAST).filter(([name, least]) => !(Number(config[name]) >= least));
  return [
    ...objectsAt(kafka, 'spec', 'kafka', 'listeners').flatMap(listenerFaults),
    ...(authorization['type'] === 'simple' ? [] : ['authorization is not simple: every user may do everything']),
    ...listAt(authorization, 'superUsers').map((user) => `${String(user)} may do everything`),
    ...low.map(([name, least]) => `${name} is not ${least} or more`),
    ...(config['unclean.leader.election.enable'] === false ? [] : ['unclean.leader.election.enable is not false']),
  ];
};

const volumeFaults = (storage: Fields): string[] => {
  const volumes = textAt(storage, 'type') === 'jbod' ? objectsAt(storage, 'volumes') : [storage];
  return volumes.flatMap((volume) => [
    ...(textAt(volume, 'type') === 'persistent-claim' ? [] : ['a volume is no persistent-claim']),
    ...(volume['deleteClaim'] === true ? ['deleteClaim is true: the log goes with the resource'] : []),
  ]);
};

const poolFaults = (pool: Manifest): string[] => [
  ...(Number(valueAt(pool, 'spec', 'replicas')) >= LEAST ? [] : [`it has fewer than ${LEAST} nodes`]),
  ...volumeFaults(fieldsAt(pool, 'spec', 'storage')),
];

const mongodbFaults = (set: Manifest): string[] => [
  ...(Number(valueAt(set, 'spec', 'members')) >= LEAST ? [] : [`it has fewer than ${LEAST} members`]),
  ...(valueAt(set, 'spec', 'security', 'tls', 'enabled') === true ? [] : ['security.tls is not enabled']),
  ...(listAt(set, 'spec', 'security', 'authentication', 'modes').includes('SCRAM') ? [] : ['it asks for no login']),
];

/** Strimzi looks only at resources that name their cluster, and says nothing of the others. */
const strayFindings = (documents: readonly Manifest[]): Finding[] => {
  const clusters = ofKind(documents, 'Kafka').map(({ metadata }) => metadata.name);
  return ofKind(documents, 'KafkaNodePool', 'KafkaTopic', 'KafkaUser')
    .filter((one) => !clusters.includes(textAt(one, 'metadata', 'labels', CLUSTER)))
    .map((one) => finding('selector_drift', nameOf(one), `its label ${CLUSTER} names no Kafka of the overlay`));
};

/** Servers of operators keep what they acknowledge while one of them is away, and let nobody in without a login. */
export const serverRules: Rule = ({ documents }: OverlayView) => [
  ...ofKind(documents, 'Kafka').flatMap((one) => kafkaFaults(one).map((fault) => unsafe(one, fault))),
  ...ofKind(documents, 'KafkaNodePool').flatMap((one) => poolFaults(one).map((fault) => unsafe(one, fault))),
  ...ofKind(documents, 'MongoDBCommunity').flatMap((one) => mongodbFaults(one).map((fault) => unsafe(one, fault))),
  ...strayFindings(documents),
];
