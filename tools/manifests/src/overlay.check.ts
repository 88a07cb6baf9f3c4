import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadReference } from './app.settings.ts';
import type { Manifest } from './document.ts';
import { kustomizeCommand } from './render/kustomize.program.ts';
import { overlayNames, renderOverlay } from './render/overlay.renderer.ts';
import { renderSwitchedOn, switchableNames } from './render/switched.overlay.ts';
import type { Finding } from './rules/finding.ts';
import { findingsOf } from './rules/overlay.rules.ts';
import type { OverlayView } from './rules/overlay.view.ts';
import { loadCustomSchemas } from './schemas/custom.schemas.ts';
import { DocumentValidator } from './schemas/document.validator.ts';
import { KUBERNETES_VERSIONS, kubernetesDefinitions } from './schemas/kubernetes.schemas.ts';

/** One validator for each of the two versions of Kubernetes. @throws ManifestsError when their schemas can't be had */
export const loadValidators = (): ReadonlyMap<string, DocumentValidator> => {
  const custom = loadCustomSchemas();
  return new Map(
    KUBERNETES_VERSIONS.map((version) => [version, new DocumentValidator(kubernetesDefinitions(version), custom)]),
  );
};

/** The overlays of k8s/overlays, rendered. @throws ManifestsError when one can't be rendered */
export const loadViews = (root: string): OverlayView[] => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const reference = loadReference(root);
  const kustomize = kustomizeCommand();
  return overlayNames(root).map((name) => ({ ...renderOverlay(root, name, kustomize), reference, version }));
};

/** The overlays that have components in comments, rendered with all of them. @throws ManifestsError when one can't be rendered */
export const loadSwitchedViews = (root: string, views: readonly OverlayView[]): OverlayView[] => {
  const kustomize = kustomizeCommand();
  return switchableNames(root).map((name) => {
    const view = views.find((one) => one.name === name)!;
    return { ...view, ...renderSwitchedOn(root, name, kustomize) };
  });
};

/** Every document against the schemas of both versions; a finding of both is told once. */
export const schemaFindings = (
  documents: readonly Manifest[],
  validators: ReadonlyMap<string, DocumentValidator>,
): Finding[] => {
  const found = new Map<string, Finding & { versions: string[] }>();
  for (const [version, validator] of validators) {
    for (const document of documents) {
      for (const finding of validator.findingsOf(document)) {
        const key = JSON.stringify(finding);
        const known = found.get(key) ?? { ...finding, versions: [] };
        found.set(key, { ...known, versions: [...known.versions, version] });
      }
    }
  }
  return [...found.values()].map(({ versions, ...finding }) => ({
    ...finding,
    message: `Kubernetes ${versions.join(' and ')}: ${finding.message}`,
  }));
};

/** All that is wrong with an overlay. */
export const checkOverlay = (view: OverlayView, validators: ReadonlyMap<string, DocumentValidator>): Finding[] => [
  ...schemaFindings(view.documents, validators),
  ...findingsOf(view),
];
