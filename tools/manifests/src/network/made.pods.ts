import { labelsAt, objectsAt, ofKind, textAt, listAt, type Manifest } from '../document.ts';

/** A port that somebody listens on. */
export interface Port {
  port: number;
  protocol: 'TCP' | 'UDP';
  name?: string;
}

/** Pods with the same labels, or something outside the cluster. */
export interface Actor {
  name: string;
  /** Undefined: not a pod. Only a rule without peers reaches it. */
  namespace?: string;
  namespaceLabels: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  ports: readonly Port[];
  /** Of something outside the cluster, for rules with an ipBlock. Several: a connection to each of them must pass. */
  addresses?: readonly string[];
}

/** The label that the API server gives each namespace. */
export const namespaceLabel = (name: string) => ({ 'kubernetes.io/metadata.name': name });

interface Rendered {
  namespace: string;
  documents: readonly Manifest[];
}

const tcp = (port: number): Port => ({ port, protocol: 'TCP' });

/** Strimzi's pods: its labels come from io.strimzi.operator.common.model.Labels, its ports from KafkaCluster. */
const kafkaPods = ({ namespace, documents }: Rendered): Actor[] =>
  ofKind(documents, 'Kafka').flatMap((kafka) => {
    const cluster = kafka.metadata.name;
    const own = { namespace, namespaceLabels: namespaceLabel(namespace) };
    const listeners = objectsAt(kafka, 'spec', 'kafka', 'listeners').map((one) => tcp(Number(textAt(one, 'port'))));
    const pools = ofKind(documents, 'KafkaNodePool').map((pool) => {
      const roles = listAt(pool, 'spec', 'roles');
      const strimzi = {
        'strimzi.io/cluster': cluster,
        'strimzi.io/kind': 'Kafka',
        'strimzi.io/name': `${cluster}-kafka`,
        'strimzi.io/pool-name': pool.metadata.name,
        'strimzi.io/broker-role': String(roles.includes('broker')),
        'strimzi.io/controller-role': String(roles.includes('controller')),
      };
      const labels = { ...labelsAt(pool, 'spec', 'template', 'pod', 'metadata', 'labels'), ...strimzi };
      const ports = [
        ...(roles.includes('controller') ? [tcp(9090)] : []),
        ...(roles.includes('broker') ? [tcp(9091), ...listeners] : []),
        tcp(8443),
      ];
      return { name: `kafka ${pool.metadata.name}`, ...own, labels, ports };
    });
    const operator = {
      name: 'entity operator',
      ...own,
      labels: {
        'strimzi.io/cluster': cluster,
        'strimzi.io/kind': 'Kafka',
        'strimzi.io/name': `${cluster}-entity-operator`,
      },
      ports: [],
    };
    return [...pools, operator];
  });

/** The pods of the MongoDB Controllers for Kubernetes: `app` is the name of their service. */
export const mongodbPods = ({ namespace, documents }: Rendered): Actor[] =>
  ofKind(documents, 'MongoDBCommunity').map((set) => ({
    name: 'mongodb',
    namespace,
    namespaceLabels: namespaceLabel(namespace),
    labels: {
      ...labelsAt(set, 'spec', 'statefulSet', 'spec', 'template', 'metadata', 'labels'),
      app: `${set.metadata.name}-svc`,
    },
    ports: [tcp(27_017)],
  }));

/** Pods that operators make of custom resources, with the labels that they get. */
export const madePods = (rendered: Rendered): Actor[] => [...kafkaPods(rendered), ...mongodbPods(rendered)];
