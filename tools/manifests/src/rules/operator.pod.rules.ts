import { fieldsAt, nameOf, ofKind, valueAt, type Fields, type Manifest } from '../document.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';
import { restrictedViolations } from './restricted.standard.ts';

/** The names of the containers that Strimzi makes, by kind. With `rack`, brokers have an init container. */
const POOL = ['kafkaContainer', 'initContainer'] as const;
const ENTITY = ['topicOperatorContainer', 'userOperatorContainer'] as const;

const templateFindings = (document: Manifest, template: Fields, containers: readonly string[]): Finding[] =>
  restrictedViolations(
    fieldsAt(template, 'pod'),
    containers.map((name) => fieldsAt(template, name)),
  ).map((what) => finding('not_restricted', nameOf(document), `its template of pods: ${what}`));

/** Strimzi gives its pods the security context of the resource and none of its own: the namespace would refuse them. */
export const operatorPodRules: Rule = ({ documents }: OverlayView) => [
  ...ofKind(documents, 'KafkaNodePool').flatMap((pool) =>
    templateFindings(pool, fieldsAt(pool, 'spec', 'template'), POOL),
  ),
  ...ofKind(documents, 'Kafka')
    .filter((kafka) => valueAt(kafka, 'spec', 'entityOperator') !== undefined)
    .flatMap((kafka) => templateFindings(kafka, fieldsAt(kafka, 'spec', 'entityOperator', 'template'), ENTITY)),
];
