import { isApp } from '../app.settings.ts';
import { nameOf, ofKind, textAt, valueAt, type Fields } from '../document.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';
import { restrictedViolations } from './restricted.standard.ts';

const RESTRICTED = 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted';

/** The rules of the restricted standard that a template can break, and a root folder that can't be written. */
const securityFindings = ({ owner, spec, containers }: PodSource): Finding[] => {
  const where = nameOf(owner);
  return [
    ...restrictedViolations(spec, containers).map((what) =>
      finding('not_restricted', where, `${what}; see ${RESTRICTED}`),
    ),
    ...containers
      .filter((container) => valueAt(container, 'securityContext', 'readOnlyRootFilesystem') !== true)
      .map(() => finding('root_writable', where, 'readOnlyRootFilesystem is not true')),
  ];
};

/** A token is mounted unless the pod says no; the pod's word counts more than that of its service account. */
const accessFindings = ({ owner, spec }: PodSource): Finding[] => [
  ...(spec['automountServiceAccountToken'] === false
    ? []
    : [finding('token_mounted', nameOf(owner), 'automountServiceAccountToken is not false')]),
  ...(spec['enableServiceLinks'] === false
    ? []
    : [finding('service_links', nameOf(owner), 'enableServiceLinks is not false')]),
];

const milliseconds = (variables: ReturnType<typeof environmentOf>, name: string, byDefault: string): number =>
  Number(variables.find((one) => one.name === name)?.value ?? byDefault);

/** The kubelet counts preStop into the grace, and kills at its end. */
const stopFindings = ({ owner, spec, containers }: PodSource, { documents, reference }: OverlayView): Finding[] =>
  containers.flatMap((container) => {
    const app = textAt(container, 'name');
    if (!isApp(app)) return [];
    const where = nameOf(owner);
    const sleep = valueAt(container, 'lifecycle', 'preStop', 'sleep', 'seconds');
    if (typeof sleep !== 'number') return [finding('prestop_missing', where, 'lifecycle.preStop.sleep is missing')];
    const variables = environmentOf(container, documents);
    const byDefault = (name: string) =>
      reference.settings[app].find(({ variable }) => variable === name)?.default ?? '0';
    const [drain, stop] = ['DRAIN_MS', 'STOP_MS'].map((name) => milliseconds(variables, name, byDefault(name)));
    const needed = sleep + (drain! + stop!) / 1000;
    const grace = Number(spec['terminationGracePeriodSeconds'] ?? 30);
    if (grace > needed) return [];
    return [
      finding(
        'grace_too_short',
        where,
        `terminationGracePeriodSeconds is ${grace}; preStop, DRAIN_MS and STOP_MS take ${needed} s`,
      ),
    ];
  });

const namespaceFindings = ({ documents, namespace }: OverlayView): Finding[] => [
  ...ofKind(documents, 'Namespace')
    .filter((one) => textAt(one, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce') !== 'restricted')
    .map((one) => finding('not_restricted', nameOf(one), 'pod-security.kubernetes.io/enforce is not restricted')),
  ...documents
    .filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace)
    .map((one) =>
      finding('namespace_wrong', nameOf(one), `its namespace is ${one.metadata.namespace} and not ${namespace}`),
    ),
];

/** How pods run, what they may do, and how they stop. */
export const podRules: Rule = (view: OverlayView) => [
  ...namespaceFindings(view),
  ...podSources(view.documents).flatMap((pod) => [
    ...securityFindings(pod),
    ...accessFindings(pod),
    ...stopFindings(pod, view),
  ]),
];

export const containersOf = (view: OverlayView): { where: string; owner: PodSource; container: Fields }[] =>
  podSources(view.documents).flatMap((owner) =>
    owner.containers.map((container) => ({ where: nameOf(owner.owner), owner, container })),
  );
