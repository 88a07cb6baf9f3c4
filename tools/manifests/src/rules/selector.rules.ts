import { fieldsAt, labelsAt, nameOf, objectsAt, ofKind, textAt, type Fields, type Manifest } from '../document.ts';
import { selectsLabels } from '../network/label.selector.ts';
import { madePods } from '../network/made.pods.ts';
import type { Finding } from './finding.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

type Labels = Readonly<Record<string, string>>;

/** A label that people put on the pods of their clients, which no overlay has. */
const CLIENT: Labels = { 'wiber/client': 'true' };

const ownerFindings = ({ owner, labels, spec }: PodSource): Finding[] => {
  const selector = fieldsAt(owner, 'spec', 'selector');
  const own =
    owner.kind === 'Job' || selectsLabels(selector, labels)
      ? []
      : [finding('selector_drift', nameOf(owner), 'its selector does not select its own pods')];
  const spread = objectsAt(spec, 'topologySpreadConstraints')
    .filter((constraint) => !selectsLabels(fieldsAt(constraint, 'labelSelector'), labels))
    .map(() => finding('selector_drift', nameOf(owner), 'a spread constraint does not count its own pods'));
  return [...own, ...spread];
};

/** An empty selector of a policy selects every pod; one that selects none was meant for pods that are called otherwise now. */
const selecting = (document: Manifest, selector: Fields, targets: readonly Labels[]): Finding[] =>
  targets.some((labels) => selectsLabels(selector, labels))
    ? []
    : [finding('selector_drift', nameOf(document), 'its selector finds nothing')];

const referenceFindings = (scaler: Manifest, documents: readonly Manifest[]): Finding[] => {
  const target = fieldsAt(scaler, 'spec', 'scaleTargetRef');
  const found = ofKind(documents, textAt(target, 'kind') || 'Deployment');
  if (found.some(({ metadata }) => metadata.name === textAt(target, 'name'))) return [];
  return [finding('selector_drift', nameOf(scaler), `there is no ${textAt(target, 'kind')} ${textAt(target, 'name')}`)];
};

/** Each selector finds what it was written for. */
export const selectorRules: Rule = (view: OverlayView) => {
  const { documents } = view;
  const sources = podSources(documents);
  const pods = [CLIENT, ...sources.map(({ labels }) => labels), ...madePods(view).map(({ labels }) => labels)];
  const services = ofKind(documents, 'Service');
  return [
    ...sources.flatMap(ownerFindings),
    ...services.flatMap((one) => selecting(one, { matchLabels: labelsAt(one, 'spec', 'selector') }, pods)),
    ...ofKind(documents, 'PodDisruptionBudget').flatMap((one) =>
      selecting(one, fieldsAt(one, 'spec', 'selector'), pods),
    ),
    ...ofKind(documents, 'NetworkPolicy').flatMap((one) => selecting(one, fieldsAt(one, 'spec', 'podSelector'), pods)),
    ...ofKind(documents, 'ServiceMonitor').flatMap((one) =>
      selecting(
        one,
        fieldsAt(one, 'spec', 'selector'),
        services.map((service) => labelsAt(service, 'metadata', 'labels')),
      ),
    ),
    ...ofKind(documents, 'HorizontalPodAutoscaler', 'ScaledObject').flatMap((one) => referenceFindings(one, documents)),
  ];
};
