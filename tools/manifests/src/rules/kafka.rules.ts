import { fieldsAt, nameOf, objectsAt, ofKind, textAt, valueAt, listAt, type Manifest } from '../document.ts';
import type { Finding } from './finding.ts';
import { finding, type Rule } from './overlay.view.ts';

/** What a topic must be set to: the checks of libs/kafka, topic.settings.ts, without which an app refuses or warns. */
const TOPIC_SETTINGS: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'message.timestamp.type': 'LogAppendTime',
  'min.insync.replicas': '2',
  'retention.bytes': '-1',
  'retention.ms': '-1',
  'unclean.leader.election.enable': 'false',
};

const MESSAGES = 'topic wiber.messages';
const LETTERS = 'topic wiber.messages.dlq';
const GROUP = 'group wiber-consumers';

/** What each user does at Kafka, and no more. Describe is implied by Read and by Write, and named for those that read it. */
const ACCESS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'wiber-gateway': {
    [MESSAGES]: ['Read', 'Write', 'Describe', 'DescribeConfigs'],
    [GROUP]: ['Describe'],
    cluster: ['Describe'],
  },
  'wiber-ingest': {
    [MESSAGES]: ['Read', 'Describe', 'DescribeConfigs'],
    [LETTERS]: ['Read', 'Write', 'Describe', 'DescribeConfigs'],
    [GROUP]: ['Read'],
  },
  'wiber-metrics': {
    [MESSAGES]: ['Read', 'Describe', 'DescribeConfigs'],
    [LETTERS]: ['Read', 'Describe', 'DescribeConfigs'],
    [GROUP]: ['Describe'],
    cluster: ['Describe'],
  },
  'wiber-keda': { [MESSAGES]: ['Describe'], [GROUP]: ['Describe'] },
};

const topicFindings = (topic: Manifest): Finding[] => {
  const wrong = Object.entries(TOPIC_SETTINGS).filter(
    ([name, value]) => String(valueAt(topic, 'spec', 'config', name)) !== value,
  );
  const replicas = Number(valueAt(topic, 'spec', 'replicas'));
  return [
    ...wrong.map(([name, value]) => finding('topic_unsafe', nameOf(topic), `${name} is not ${value}`)),
    ...(replicas >= 3 ? [] : [finding('topic_unsafe', nameOf(topic), 'it has fewer than 3 replicas')]),
  ];
};

/** What a job must give a topic. The rest are defaults of a broker. */
const CREATED = ['message.timestamp.type', 'retention.bytes', 'retention.ms'];

const jobFindings = (job: Manifest): Finding[] => {
  const texts = objectsAt(job, 'spec', 'template', 'spec', 'containers').flatMap((container) =>
    [...listAt(container, 'command'), ...listAt(container, 'args')].map(String),
  );
  if (!texts.some((text) => text.includes('--create'))) return [];
  return CREATED.map((name) => `--config ${name}=${TOPIC_SETTINGS[name]}`)
    .filter((option) => !texts.some((text) => new RegExp(`${option.replaceAll('.', '\\.')}(?!\\w)`).test(text)))
    .map((option) => finding('topic_unsafe', nameOf(job), `it makes topics without ${option}`));
};

const grantsOf = (user: Manifest): Set<string> =>
  new Set(
    objectsAt(user, 'spec', 'authorization', 'acls').flatMap((acl) => {
      const resource = fieldsAt(acl, 'resource');
      const pattern = textAt(resource, 'patternType') === 'prefix' ? '*' : '';
      const name = textAt(resource, 'name');
      const target = `${textAt(resource, 'type')}${name ? ` ${name}${pattern}` : ''}`;
      return listAt(acl, 'operations').map((operation) => `${String(operation)} ${target}`);
    }),
  );

const userFindings = (user: Manifest): Finding[] => {
  const wanted = new Set(
    Object.entries(ACCESS[user.metadata.name] ?? {}).flatMap(([target, operations]) =>
      operations.map((one) => `${one} ${target}`),
    ),
  );
  const granted = grantsOf(user);
  return [
    ...[...wanted]
      .filter((one) => !granted.has(one))
      .map((one) => finding('access_missing', nameOf(user), `it may not ${one}`)),
    ...[...granted]
      .filter((one) => !wanted.has(one))
      .map((one) => finding('access_too_wide', nameOf(user), `it may ${one} and never does`)),
  ];
};

/** Topics keep what they acknowledge, and each user of Kafka may do exactly what its app does. */
export const kafkaRules: Rule = ({ documents }) => [
  ...ofKind(documents, 'KafkaTopic').flatMap(topicFindings),
  ...ofKind(documents, 'Job').flatMap(jobFindings),
  ...ofKind(documents, 'KafkaUser').flatMap(userFindings),
];
