import { isApp } from '../app.settings.ts';
import { fieldsAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Manifest } from '../document.ts';
import { selectsLabels } from '../network/label.selector.ts';
import { mongodbPods } from '../network/made.pods.ts';
import type { Finding } from './finding.ts';
import { appPods, type PodSource } from '../pod.sources.ts';
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
  const deadline = Number(valueAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600);
  const least = Number(valueAt(deployment, 'spec', 'minReadySeconds') ?? 0);
  const late = `progressDeadlineSeconds is ${deadline}, and a pod is available after ${least} s at the earliest`;
  const slow = deadline > least ? [] : [finding('rollout_unsafe', nameOf(deployment), late)];
  if (rollout['maxSurge'] === maxSurge && rollout['maxUnavailable'] === maxUnavailable) return slow;
  return [
    ...slow,
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

/** Pods that need a budget: those of the Deployments of apps, and the members of MongoDB. Strimzi makes the budgets of its own. */
interface Evictable {
  where: string;
  labels: Readonly<Record<string, string>>;
}

const evictable = (view: OverlayView): Evictable[] => [
  ...appPods(view.documents).map(({ owner, labels }) => ({ where: nameOf(owner), labels })),
  ...mongodbPods(view).map(({ name, labels }) => ({ where: `Pods of ${name}`, labels })),
];

const budgetFindings = ({ where, labels }: Evictable, budgets: readonly Manifest[]): Finding[] => {
  const own = budgets.filter((budget) => selectsLabels(fieldsAt(budget, 'spec', 'selector'), labels));
  const spec = fieldsAt(own[0], 'spec');
  if (own.length === 1 && spec['maxUnavailable'] === 1 && spec['minAvailable'] === undefined) return [];
  const why = 'it needs exactly one PodDisruptionBudget with maxUnavailable 1, which lets nodes be drained one by one';
  return [finding('budget_wrong', where, why)];
};

/** No rollout, drain of a node or loss of a node takes more pods of an app than its users can do without. */
export const rolloutRules: Rule = (view: OverlayView) => {
  const { documents } = view;
  const budgets = ofKind(documents, 'PodDisruptionBudget');
  const pods = appPods(documents);
  return [
    ...pods.flatMap(({ owner }) => rolloutFindings(owner)),
    ...pods.flatMap(spreadFindings),
    ...evictable(view).flatMap((one) => budgetFindings(one, budgets)),
  ];
};
