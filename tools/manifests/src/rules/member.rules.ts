import { listAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
import { appPods, podSources, type PodSource } from '../pod.sources.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** Where mongod keeps its files unless it is told otherwise. */
const MONGOD_DATA = '/data/db';

/** The addresses of the members of a StatefulSet, as its service names them. */
const membersOf = ({ owner, containers }: PodSource, services: readonly string[]): string[] => {
  const service = textAt(owner, 'spec', 'serviceName');
  if (!services.includes(service)) return [];
  const ports = containers.flatMap((container) => objectsAt(container, 'ports'));
  return Array.from({ length: Number(valueAt(owner, 'spec', 'replicas') ?? 1) }).flatMap((_, member) =>
    ports.map((port) => `${owner.metadata.name}-${member}.${service}:${textAt(port, 'containerPort')}`),
  );
};

/** A folder of data must be a claim: anything else is gone with its pod. */
const dataFindings = ({ owner, containers }: PodSource, documents: readonly Manifest[]): Finding[] => {
  const claims = objectsAt(owner, 'spec', 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name'));
  return containers.flatMap((container) => {
    const kept = objectsAt(container, 'volumeMounts')
      .filter((mount) => claims.includes(textAt(mount, 'name')))
      .map((mount) => textAt(mount, 'mountPath'));
    const logs = environmentOf(container, documents).find(({ name }) => name === 'KAFKA_LOG_DIRS')?.value;
    const isMongod = listAt(container, 'args').includes('mongod');
    const folders = [...(logs?.split(',') ?? []), ...(isMongod ? [MONGOD_DATA] : [])];
    const lost = folders.filter((folder) => !kept.some((path) => folder === path || folder.startsWith(`${path}/`)));
    const faults = [
      ...lost.map((folder) => `${folder} is on no claim: what is stored there goes with the pod`),
      ...(kept.length > 0 ? [] : ['it mounts no claim: what it stores goes with the pod']),
    ];
    return faults.map((fault) => finding('server_unsafe', nameOf(owner), fault));
  });
};

/** Clients connect to what a broker says that it is called. */
const advertisedFindings = (pod: PodSource, members: readonly string[], documents: readonly Manifest[]): Finding[] =>
  pod.containers
    .flatMap((container) => environmentOf(container, documents))
    .filter(({ name }) => name === 'KAFKA_ADVERTISED_LISTENERS')
    .flatMap(({ name, value = '' }) =>
      value
        .split(',')
        .map((one) => one.replace(/^\w+:\/\//, ''))
        .filter((host) => !members.includes(host))
        .map((host) =>
          finding('reference_missing', nameOf(pod.owner), `${name} has ${host}, which is no member of it`),
        ),
    );

const hostsOf = (uri: string): string[] => (/^mongodb:\/\/([^/]+)/.exec(uri)?.[1] ?? '').split(',');

/** Without operators, what settings name are members of StatefulSets. */
const settingFindings = (
  { owner, containers }: PodSource,
  sets: readonly PodSource[],
  { documents, members }: { documents: readonly Manifest[]; members: readonly string[] },
): Finding[] =>
  containers.flatMap((container: Fields) => {
    const variables = environmentOf(container, documents);
    const value = (name: string) => variables.find((one) => one.name === name)?.value ?? '';
    const uri = value('MONGO_URI');
    const named = [
      ...(ofKind(documents, 'Kafka').length > 0 ? [] : value('KAFKA_BOOTSTRAP_SERVERS').split(',')),
      ...(ofKind(documents, 'MongoDBCommunity').length > 0 ? [] : hostsOf(uri)),
    ];
    const replicaSets = sets
      .flatMap((set) => set.containers.flatMap((one) => listAt(one, 'args').map(String)))
      .flatMap((argument) => /^--replSet=(.+)$/.exec(argument)?.[1] ?? []);
    const replicaSet = /[?&]replicaSet=([^&]*)/.exec(uri)?.[1] ?? '';
    return [
      ...named
        .filter((host) => !members.includes(host))
        .map((host) => `the settings name ${host}, which is no member of a StatefulSet`),
      ...(replicaSets.length === 0 || replicaSets.includes(replicaSet)
        ? []
        : [`replicaSet of MONGO_URI is ${replicaSet} and not ${replicaSets.join(', ')}`]),
    ].map((fault) => finding('reference_missing', nameOf(owner), fault));
  });

/** Servers of StatefulSets keep their data on claims, and everybody calls them by the names that their services give them. */
export const memberRules: Rule = ({ documents }: OverlayView) => {
  const pods = podSources(documents);
  const sets = pods.filter(({ owner }) => owner.kind === 'StatefulSet');
  const services = ofKind(documents, 'Service').map(({ metadata }) => metadata.name);
  const members = sets.flatMap((set) => membersOf(set, services));
  return [
    ...sets.flatMap((set) => dataFindings(set, documents)),
    ...sets.flatMap((set) => advertisedFindings(set, membersOf(set, services), documents)),
    ...appPods(documents).flatMap((pod) => settingFindings(pod, sets, { documents, members })),
  ];
};
