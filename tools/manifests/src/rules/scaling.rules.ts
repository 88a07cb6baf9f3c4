import { fieldsAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Manifest } from '../document.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { podSources } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** Kafka 4 takes no requests of clients older than 2.1: KIP-896. */
const OLDEST_VERSION = 2.1;
const RESTLESS_SECONDS = 300;
const CREATED = /--topic wiber\.messages --partitions (\d+)/;

/** How many partitions the topic of the messages gets, from a KafkaTopic or from the job that creates it. */
export const partitionsOf = (documents: readonly Manifest[]): number => {
  const topic = ofKind(documents, 'KafkaTopic').find(({ metadata }) => metadata.name === 'wiber.messages');
  if (topic) return Number(textAt(topic, 'spec', 'partitions'));
  const texts = ofKind(documents, 'Job').map((job) => JSON.stringify(job));
  return Number(texts.map((text) => CREATED.exec(text)?.[1]).find((count) => count !== undefined));
};

const ingestFindings = ({ documents }: OverlayView): Finding[] => {
  const partitions = partitionsOf(documents);
  const scalers = ofKind(documents, 'ScaledObject').map((one) => ({
    one,
    most: Number(valueAt(one, 'spec', 'maxReplicaCount')),
    isExact: true,
  }));
  const fixed = ofKind(documents, 'Deployment')
    .filter(({ metadata }) => metadata.name === 'ingest')
    .map((one) => ({ one, most: Number(valueAt(one, 'spec', 'replicas') ?? 1), isExact: false }));
  return [...scalers, ...fixed]
    .filter(({ most, isExact }) => !(isExact ? most === partitions : most <= partitions))
    .map(({ one, most }) =>
      finding('partitions_exceeded', nameOf(one), `it has up to ${most} pods; the topic has ${partitions} partitions`),
    );
};

const versionFindings = (where: string, version: string): Finding[] => {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+$/.exec(version) ?? [];
  const isNew = Number(major) > 2 || Number(`${major}.${minor}`) >= OLDEST_VERSION;
  return isNew
    ? []
    : [finding('scaler_version', where, `version is ${version || 'not set'}; Kafka 4 takes 2.1.0 or newer`)];
};

const stabilisation = (scaler: Manifest): number => {
  const behavior =
    scaler.kind === 'ScaledObject'
      ? fieldsAt(scaler, 'spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior')
      : fieldsAt(scaler, 'spec', 'behavior');
  return Number(valueAt(behavior, 'scaleDown', 'stabilizationWindowSeconds'));
};

const floorOf = (scaler: Manifest): number =>
  Number(valueAt(scaler, 'spec', scaler.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas'));

const scalerFindings = (scaler: Manifest, documents: readonly Manifest[]): Finding[] => {
  const where = nameOf(scaler);
  const target = textAt(scaler, 'spec', 'scaleTargetRef', 'name');
  const scaled = ofKind(documents, 'Deployment').find(({ metadata }) => metadata.name === target);
  const triggers = objectsAt(scaler, 'spec', 'triggers').filter((trigger) => textAt(trigger, 'type') === 'kafka');
  const group = podSources(documents).find(({ owner }) => owner === scaled);
  const read = group?.containers.flatMap((container) => environmentOf(container, documents)) ?? [];
  return [
    ...(floorOf(scaler) >= 2 ? [] : [finding('scaler_floor', where, 'its least number of pods is below 2')]),
    ...(stabilisation(scaler) >= RESTLESS_SECONDS
      ? []
      : [
          finding(
            'scaler_restless',
            where,
            `scaleDown needs a stabilizationWindowSeconds of ${RESTLESS_SECONDS} or more`,
          ),
        ]),
    ...(scaled?.['spec'] && valueAt(scaled, 'spec', 'replicas') !== undefined
      ? [finding('replicas_twice', nameOf(scaled), `${where} owns the number of pods; each apply would set it again`)]
      : []),
    ...(scaler.kind === 'ScaledObject' && textAt(scaler, 'spec', 'fallback', 'behavior') !== 'currentReplicasIfHigher'
      ? [finding('scaler_fallback', where, 'fallback.behavior is not currentReplicasIfHigher: it would take pods away')]
      : []),
    ...triggers.flatMap((trigger) => {
      const offsets = textAt(trigger, 'metadata', 'offsetResetPolicy');
      const others = [
        ['topic', 'KAFKA_TOPIC'],
        ['consumerGroup', 'KAFKA_CONSUMER_GROUP'],
        ['bootstrapServers', 'KAFKA_BOOTSTRAP_SERVERS'],
      ].filter(([field, name]) => textAt(trigger, 'metadata', field!) !== read.find((one) => one.name === name)?.value);
      return [
        ...versionFindings(where, textAt(trigger, 'metadata', 'version')),
        ...(offsets === 'earliest'
          ? []
          : [finding('scaler_offsets', where, `offsetResetPolicy is ${offsets || 'latest'} and not earliest`)]),
        ...others.map(([field, name]) =>
          finding('selector_drift', where, `${field} of its trigger differs from ${name} of ${target}`),
        ),
      ];
    }),
  ];
};

/** An autoscaler by a share of what was requested knows no share where nothing was requested. */
const measuredFindings = (scaler: Manifest, documents: readonly Manifest[]): Finding[] => {
  const target = textAt(scaler, 'spec', 'scaleTargetRef', 'name');
  const pod = podSources(documents).find(({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === target);
  const measured = [
    ...objectsAt(scaler, 'spec', 'metrics').map((metric) => textAt(metric, 'resource', 'name')),
    ...objectsAt(scaler, 'spec', 'triggers').map((trigger) => textAt(trigger, 'type')),
  ].filter((name) => ['cpu', 'memory'].includes(name));
  return (pod?.containers ?? []).flatMap((container) =>
    measured
      .filter((name) => textAt(container, 'resources', 'requests', name) === '')
      .map((name) => finding('limit_missing', nameOf(pod!.owner), `${nameOf(scaler)} needs a request of ${name}`)),
  );
};

/** Two autoscalers of one deployment undo what the other one does: KEDA makes an autoscaler of its own. */
const rivalFindings = (scalers: readonly Manifest[]): Finding[] => {
  const targets = scalers.map((one) => textAt(one, 'spec', 'scaleTargetRef', 'name'));
  return scalers
    .filter((_, index) => targets.indexOf(targets[index]!) !== index)
    .map((one) =>
      finding('replicas_twice', nameOf(one), `${textAt(one, 'spec', 'scaleTargetRef', 'name')} has another autoscaler`),
    );
};

/** Autoscalers leave two pods, change the group rarely, and ask for what their app does. */
export const scalingRules: Rule = (view: OverlayView) => {
  const scalers = ofKind(view.documents, 'HorizontalPodAutoscaler', 'ScaledObject');
  return [
    ...ingestFindings(view),
    ...scalers.flatMap((one) => scalerFindings(one, view.documents)),
    ...scalers.flatMap((one) => measuredFindings(one, view.documents)),
    ...rivalFindings(scalers),
  ];
};
