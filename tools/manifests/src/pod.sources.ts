import { fieldsAt, labelsAt, objectsAt, ofKind, type Fields, type Manifest } from './document.ts';

/** A template of pods, and the object that makes them. */
export interface PodSource {
  owner: Manifest;
  labels: Record<string, string>;
  spec: Fields;
  containers: readonly Fields[];
}

/** Deployments that only show what Prometheus has: they use neither log nor store, and keep nothing. */
const VIEWERS = ['grafana'];

/** The Deployments of the apps, and every other one that is no viewer. */
export const appPods = (documents: readonly Manifest[]): PodSource[] =>
  podSources(documents).filter(({ owner }) => owner.kind === 'Deployment' && !VIEWERS.includes(owner.metadata.name));

/** What makes pods by a template that is in the manifests. The pods of custom resources are made by their operators. */
export const podSources = (documents: readonly Manifest[]): PodSource[] =>
  ofKind(documents, 'Deployment', 'StatefulSet', 'DaemonSet', 'Job').map((owner) => {
    const spec = fieldsAt(owner, 'spec', 'template', 'spec');
    return {
      owner,
      labels: labelsAt(owner, 'spec', 'template', 'metadata', 'labels'),
      spec,
      containers: [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')],
    };
  });
