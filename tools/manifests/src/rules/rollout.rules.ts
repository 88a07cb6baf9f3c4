import { isApp } from '../app.settings.ts';
import { fieldsAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Manifest } from '../document.ts';
import { selectsLabels } from '../network/label.selector.ts';
import type { Finding } from './finding.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** How many pods a rollout may add and take away at once, and why. */
const ROLLOUT = {
  gateway: { maxSurge: 1, maxUnavailable: 0, why: 'sends need every pod that there is' },
  ingest: { maxSurge: 0, maxUnavailable: 1, why: 'each change of the group stops every partition' },
  metrics: { maxSurge: 0, maxUnavailable: 1, why: 'one worker leads at a time' },
} as const;

const rolloutFindings = (deployment: Manifest): Finding[] => {
  const app = textAt(deployment, 'metadata', 'labels', 'app.kubernetes.io/name');
  if (!isApp(app)) return [];
  const { maxSurge, maxUnavailable, why } = ROLLOUT[app];
  const rollout = fieldsAt(deployment, 'spec', 'strategy', 'rollingUpdate');
  if (rollout['maxSurge'] === maxSurge && rollout['maxUnavailable'] === maxUnavailable) return [];
  return [
    finding(
      'rollout_unsafe',
      nameOf(deployment),
      `maxSurge is ${maxSurge} and maxUnavailable ${maxUnavailable}: ${why}`,
    ),
  ];
};

const spreadFindings = ({ owner, spec }: PodSource): Finding[] => {
  const constraints = objectsAt(spec, 'topologySpreadConstraints');
  const keys = constraints.map((one) => textAt(one, 'topologyKey'));
  const missing = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']
    .filter((key) => !keys.includes(key))
    .map((key) => finding('spread_missing', nameOf(owner), `no spread constraint over ${key}`));
  const blocked = constraints
    .filter((one) => one['whenUnsatisfiable'] === 'DoNotSchedule' && one['nodeTaintsPolicy'] !== 'Honor')
    .map((one) =>
      finding(
        'spread_blocked',
        nameOf(owner),
        `DoNotSchedule over ${textAt(one, 'topologyKey')} counts nodes that take no pod, as one of the control plane or one that is drained: set nodeTaintsPolicy to Honor`,
      ),
    );
  return [...missing, ...blocked];
};

const budgetFindings = (pod: PodSource, budgets: readonly Manifest[]): Finding[] => {
  const own = budgets.filter((budget) => selectsLabels(fieldsAt(budget, 'spec', 'selector'), pod.labels));
  if (own.length === 1 && valueAt(own[0], 'spec', 'maxUnavailable') === 1) return [];
  const why = 'it needs exactly one PodDisruptionBudget with maxUnavailable 1, which lets nodes be drained one by one';
  return [finding('budget_wrong', nameOf(pod.owner), why)];
};

/** No rollout, drain of a node or loss of a node takes more pods of an app than its users can do without. */
export const rolloutRules: Rule = ({ documents }: OverlayView) => {
  const budgets = ofKind(documents, 'PodDisruptionBudget');
  const pods = podSources(documents).filter(({ owner }) => owner.kind === 'Deployment');
  return [
    ...pods.flatMap(({ owner }) => rolloutFindings(owner)),
    ...pods.flatMap(spreadFindings),
    ...pods.flatMap((pod) => budgetFindings(pod, budgets)),
  ];
};
