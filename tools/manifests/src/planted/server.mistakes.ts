import { edit, withoutDocument, type PlantedMistake } from './planted.mistake.ts';

/** What Kafka, MongoDB and the network allow. */
export const SERVER_MISTAKES: readonly PlantedMistake[] = [
  {
    name: 'DNS over TCP missing',
    code: 'edge_refused',
    overlay: 'dev',
    plant: edit('NetworkPolicy', 'dns', ['spec', 'egress', 0, 'ports'], [{ protocol: 'UDP', port: 53 }]),
  },
  { name: 'DNS missing', code: 'edge_refused', overlay: 'production', plant: withoutDocument('NetworkPolicy', 'dns') },
  {
    name: 'Grafana without a way to Prometheus',
    code: 'edge_refused',
    overlay: 'production',
    plant: withoutDocument('NetworkPolicy', 'grafana-to-prometheus'),
  },
  {
    name: 'Grafana that may ask the store',
    code: 'edge_open',
    overlay: 'production',
    plant: edit('NetworkPolicy', 'apps-to-servers', ['spec', 'podSelector'], {
      matchExpressions: [
        { key: 'app.kubernetes.io/name', operator: 'In', values: ['gateway', 'ingest', 'metrics', 'grafana'] },
      ],
    }),
  },
  {
    name: 'the plain port of Kafka under TLS',
    code: 'edge_refused',
    overlay: 'production',
    plant: edit('NetworkPolicy', 'apps-to-servers', ['spec', 'egress', 0, 'ports', 0, 'port'], 9092),
  },
  {
    name: 'no default-deny',
    code: 'edge_open',
    overlay: 'dev',
    plant: withoutDocument('NetworkPolicy', 'default-deny'),
  },
  {
    name: 'MongoDB open to its namespace',
    code: 'edge_open',
    overlay: 'dev',
    plant: edit('NetworkPolicy', 'mongodb', ['spec', 'ingress', 0, 'from'], [{ podSelector: {} }]),
  },
  {
    name: 'MongoDB open to every address',
    code: 'edge_open',
    overlay: 'production',
    plant: edit('NetworkPolicy', 'mongodb', ['spec', 'ingress', 1], {
      from: [{ ipBlock: { cidr: '0.0.0.0/0' } }],
      ports: [{ protocol: 'TCP', port: 27_017 }],
    }),
  },
  {
    name: 'two peers where one with two selectors was meant',
    code: 'edge_open',
    overlay: 'production',
    plant: edit(
      'NetworkPolicy',
      'prometheus-to-apps',
      ['spec', 'ingress', 0, 'from'],
      [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }, { podSelector: {} }],
    ),
  },
  {
    name: 'a log that is deleted after a week',
    code: 'topic_unsafe',
    overlay: 'production',
    plant: edit('KafkaTopic', 'wiber.messages', ['spec', 'config', 'retention.ms'], 604_800_000),
  },
  {
    name: 'a topic on one broker',
    code: 'topic_unsafe',
    overlay: 'production',
    plant: edit('KafkaTopic', 'wiber.messages.dlq', ['spec', 'replicas'], 1),
  },
  {
    name: 'ingest without Write on the dead letters',
    code: 'access_missing',
    overlay: 'production',
    plant: edit(
      'KafkaUser',
      'wiber-ingest',
      ['spec', 'authorization', 'acls', 1, 'operations'],
      ['Read', 'Describe', 'DescribeConfigs'],
    ),
  },
  {
    name: 'a gateway that may delete the topic',
    code: 'access_too_wide',
    overlay: 'production',
    plant: edit(
      'KafkaUser',
      'wiber-gateway',
      ['spec', 'authorization', 'acls', 0, 'operations'],
      ['Read', 'Write', 'Describe', 'DescribeConfigs', 'Delete'],
    ),
  },
];
