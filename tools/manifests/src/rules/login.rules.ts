import { isApp, type AppName } from '../app.settings.ts';
import { nameOf, objectsAt, ofKind, textAt, type Fields, type Manifest } from '../document.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

const READ_WRITE = 'readWrite on wiber';
/** collMod, when an index is made anew. */
const ADMIN = 'dbAdmin on wiber';
/** What each user may do in MongoDB, and no more. */
const ROLES: Readonly<Record<AppName, readonly string[]>> = {
  gateway: [READ_WRITE, ADMIN],
  ingest: [READ_WRITE, ADMIN],
  // For /stats/servers, which shows the members.
  metrics: [READ_WRITE, ADMIN, 'clusterMonitor on admin'],
};

const usersOf = (documents: readonly Manifest[]): Fields[] =>
  ofKind(documents, 'MongoDBCommunity').flatMap((set) => objectsAt(set, 'spec', 'users'));

const roleFindings = (documents: readonly Manifest[]): Finding[] =>
  usersOf(documents).flatMap((user) => {
    const name = textAt(user, 'name');
    const app = name.replace(/^wiber-/, '');
    const wanted = isApp(app) ? ROLES[app] : [];
    const granted = objectsAt(user, 'roles').map((role) => `${textAt(role, 'name')} on ${textAt(role, 'db')}`);
    const where = `MongoDB user ${name}`;
    return [
      ...wanted
        .filter((role) => !granted.includes(role))
        .map((role) => finding('access_missing', where, `it lacks the role ${role}`)),
      ...granted
        .filter((role) => !wanted.includes(role))
        .map((role) => finding('access_too_wide', where, `it has the role ${role} and never needs it`)),
    ];
  });

/** The listener of Strimzi that apps connect to. */
const listenerOf = (documents: readonly Manifest[], bootstrap: string): Fields | undefined =>
  ofKind(documents, 'Kafka')
    .flatMap((kafka) => objectsAt(kafka, 'spec', 'kafka', 'listeners'))
    .find((listener) => bootstrap.endsWith(`:${textAt(listener, 'port')}`));

/** Strimzi makes the password of a user only for the way of its `authentication`. */
const kafkaUserFindings = (documents: readonly Manifest[]): Finding[] => {
  const asked = ofKind(documents, 'Kafka')
    .flatMap((kafka) => objectsAt(kafka, 'spec', 'kafka', 'listeners'))
    .map((listener) => textAt(listener, 'authentication', 'type'));
  return ofKind(documents, 'KafkaUser')
    .filter((user) => !asked.includes(textAt(user, 'spec', 'authentication', 'type')))
    .map((user) =>
      finding('login_wrong', nameOf(user), `no listener asks for its authentication: ${asked.join(', ')}`),
    );
};

/** The Secret that a file of a container comes from. */
const secretOf = ({ spec }: PodSource, container: Fields, file: string): string => {
  const sources = objectsAt(container, 'volumeMounts').flatMap((mount) =>
    objectsAt(spec, 'volumes')
      .filter((volume) => textAt(volume, 'name') === textAt(mount, 'name'))
      .flatMap((volume) => [volume, ...objectsAt(volume, 'projected', 'sources')])
      .flatMap((source) =>
        objectsAt(source, 'secret', 'items').map((item) => ({
          file: `${textAt(mount, 'mountPath')}/${textAt(item, 'path')}`,
          secret: textAt(source, 'secret', 'name') || textAt(source, 'secret', 'secretName'),
        })),
      ),
  );
  return sources.find((one) => one.file === file)?.secret ?? '';
};

const appFindings = (pod: PodSource, container: Fields, documents: readonly Manifest[]): Finding[] => {
  const variables = environmentOf(container, documents);
  const value = (name: string) => variables.find((one) => one.name === name)?.value ?? '';
  const app = textAt(container, 'name');
  const expect = (name: string, wanted: string): Finding[] =>
    value(name) === wanted
      ? []
      : [finding('login_wrong', nameOf(pod.owner), `${name} is ${value(name) || 'not set'} and not ${wanted}`)];
  const expectFile = (name: string, secret: string): Finding[] =>
    secretOf(pod, container, value(name)) === secret
      ? []
      : [finding('login_wrong', nameOf(pod.owner), `${name} is no file of the Secret ${secret}`)];
  const listener = listenerOf(documents, value('KAFKA_BOOTSTRAP_SERVERS'));
  const user = usersOf(documents).find((one) => textAt(one, 'name') === `wiber-${app}`);
  return [
    ...(listener ? expect('KAFKA_SSL', String(listener['tls'] === true)) : []),
    ...(listener ? expect('KAFKA_SASL_MECHANISM', textAt(listener, 'authentication', 'type')) : []),
    ...(listener ? expect('KAFKA_SASL_USERNAME', `wiber-${app}`) : []),
    ...(listener ? expectFile('KAFKA_SASL_PASSWORD_FILE', `wiber-${app}`) : []),
    ...(usersOf(documents).length > 0 ? expect('MONGO_USERNAME', `wiber-${app}`) : []),
    ...(user ? expectFile('MONGO_PASSWORD_FILE', textAt(user, 'passwordSecretRef', 'name')) : []),
  ];
};

/** Each app logs in as the user who is made for it, with that user's password, in the way that the server asks for. */
export const loginRules: Rule = ({ documents }: OverlayView) => [
  ...roleFindings(documents),
  ...kafkaUserFindings(documents),
  ...podSources(documents).flatMap((pod) =>
    pod.containers
      .filter((container) => isApp(textAt(container, 'name')))
      .flatMap((container) => appFindings(pod, container, documents)),
  ),
];
