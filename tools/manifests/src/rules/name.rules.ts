import { listAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
import { appPods, podSources, type PodSource } from '../pod.sources.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

const missing = (where: string, what: string): Finding => finding('reference_missing', where, what);
const namesOf = (documents: readonly Manifest[], ...kinds: string[]): string[] =>
  ofKind(documents, ...kinds).map(({ metadata }) => metadata.name);

const podFindings = ({ owner, spec, containers }: PodSource, documents: readonly Manifest[]): Finding[] => {
  const where = nameOf(owner);
  const account = textAt(spec, 'serviceAccountName') || 'default';
  const claims = objectsAt(owner, 'spec', 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name'));
  const volumes = [...claims, ...objectsAt(spec, 'volumes').map((volume) => textAt(volume, 'name'))];
  const unknown = containers
    .flatMap((container) => objectsAt(container, 'volumeMounts'))
    .filter((mount) => !volumes.includes(textAt(mount, 'name')));
  return [
    ...(['default', ...namesOf(documents, 'ServiceAccount')].includes(account)
      ? []
      : [missing(where, `nobody makes the ServiceAccount ${account}: no pod would be made`)]),
    ...(['', 'ClusterFirst'].includes(textAt(spec, 'dnsPolicy'))
      ? []
      : [missing(where, `dnsPolicy is ${textAt(spec, 'dnsPolicy')}: no name of the cluster is found`)]),
    ...unknown.map((mount) => missing(where, `it mounts ${textAt(mount, 'name')}, which is no volume of the pod`)),
  ];
};

/** What settings name must be what the operators make. Overlays without operators are not looked at: their servers have hosts of services. */
const settingFindings = (
  where: string,
  value: (variable: string) => string,
  documents: readonly Manifest[],
): Finding[] => {
  const expect = (variable: string, known: readonly string[], what: string) =>
    known.length === 0 || known.includes(value(variable))
      ? []
      : [missing(where, `${variable} is ${value(variable)}, and there is ${what} ${known.join(', ')}`)];
  const users = ofKind(documents, 'MongoDBCommunity').flatMap((set) =>
    objectsAt(set, 'spec', 'users').map((user) => textAt(user, 'name')),
  );
  const bootstraps = ofKind(documents, 'Kafka').flatMap(({ metadata: { name, namespace }, ...kafka }) =>
    objectsAt(kafka, 'spec', 'kafka', 'listeners').map(
      (listener) => `${name}-kafka-bootstrap.${namespace}.svc:${textAt(listener, 'port')}`,
    ),
  );
  return [
    ...expect('KAFKA_TOPIC', namesOf(documents, 'KafkaTopic'), 'the topic'),
    ...expect('KAFKA_SASL_USERNAME', namesOf(documents, 'KafkaUser'), 'the user'),
    ...expect('MONGO_USERNAME', users, 'the user'),
    ...expect('KAFKA_BOOTSTRAP_SERVERS', bootstraps, 'the address'),
    ...ofKind(documents, 'MongoDBCommunity').flatMap((set) => uriFindings(where, value('MONGO_URI'), set)),
  ];
};

const uriFindings = (where: string, uri: string, { metadata: { name, namespace }, ...set }: Manifest): Finding[] => {
  const [, hosts = '', options = ''] = /^mongodb:\/\/([^/]+)\/\?(.*)$/.exec(uri) ?? [];
  const members = Array.from(
    { length: Number(valueAt(set, 'spec', 'members')) },
    (_, member) => `${name}-${member}.${name}-svc.${namespace}.svc.cluster.local:27017`,
  );
  const strange = hosts.split(',').filter((host) => !members.includes(host));
  return [
    ...strange.map((host) => missing(where, `MONGO_URI names ${host}, which is no member of ${name}`)),
    ...(options.split('&').includes(`replicaSet=${name}`)
      ? []
      : [missing(where, `replicaSet of MONGO_URI is not ${name}`)]),
    ...(/tlsInsecure|tlsAllowInvalid/i.test(options)
      ? [finding('server_unsafe', where, 'MONGO_URI takes any certificate')]
      : []),
  ];
};

/** A login that Kafka asks for, the scaler needs as well. */
const scalerFindings = (scaler: Manifest, documents: readonly Manifest[]): Finding[] => {
  const logins = namesOf(documents, 'TriggerAuthentication');
  const isSecure = ofKind(documents, 'Kafka').length > 0;
  return objectsAt(scaler, 'spec', 'triggers').flatMap((trigger) => {
    const login = textAt(trigger, 'authenticationRef', 'name');
    const hasTls = textAt(trigger, 'metadata', 'tls') === 'enable';
    if (!isSecure && login === '') return [];
    if (logins.includes(login) && hasTls) return [];
    return [missing(nameOf(scaler), `its trigger needs tls: enable and the login of one of ${logins.join(', ')}`)];
  });
};

/** A listener takes requests for its host only; `*.` at its begin stands for any name below it. */
const hostFindings = (route: Manifest, listeners: readonly Fields[]): Finding[] => {
  const hosts = listeners.map((one) => textAt(one, 'hostname'));
  const isTaken = (name: string) =>
    hosts.some((host) => host === '' || host === name || (host.startsWith('*.') && name.endsWith(host.slice(1))));
  return listAt(route, 'spec', 'hostnames')
    .map(String)
    .filter((name) => !isTaken(name))
    .map((name) => missing(nameOf(route), `no listener takes the host ${name}: ${hosts.join(', ')}`));
};

const routeFindings = (route: Manifest, documents: readonly Manifest[]): Finding[] =>
  objectsAt(route, 'spec', 'parentRefs').flatMap((ref) => {
    const gateway = ofKind(documents, 'Gateway').find(({ metadata }) => metadata.name === textAt(ref, 'name'));
    const section = textAt(ref, 'sectionName');
    const listeners = objectsAt(gateway, 'spec', 'listeners');
    const joined = listeners.filter((one) => section === '' || textAt(one, 'name') === section);
    if (joined.length > 0) return hostFindings(route, joined);
    return [missing(nameOf(route), `there is no Gateway ${textAt(ref, 'name')} with the listener ${section}`)];
  });

/** What one document names in another one is there: accounts, volumes, servers and their users, logins, listeners. */
export const nameRules: Rule = ({ documents }: OverlayView) => [
  ...podSources(documents).flatMap((pod) => podFindings(pod, documents)),
  ...appPods(documents).flatMap(({ owner, containers }) =>
    containers.flatMap((container: Fields) => {
      const variables = environmentOf(container, documents);
      const value = (name: string) => variables.find((one) => one.name === name)?.value ?? '';
      return settingFindings(nameOf(owner), value, documents);
    }),
  ),
  ...ofKind(documents, 'ScaledObject').flatMap((one) => scalerFindings(one, documents)),
  ...ofKind(documents, 'HTTPRoute').flatMap((one) => routeFindings(one, documents)),
];
