import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { kubernetesSections, readKubernetesDocument, withSections } from './docs/kubernetes.sections.ts';
import { checkOverlay, loadValidators, loadViews, schemaFindings } from './overlay.check.ts';
import { PLANTED_MISTAKES } from './planted/planted.mistakes.ts';
import { FINDING_CODES } from './rules/finding.ts';
import type { OverlayView } from './rules/overlay.view.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** A first run downloads schemas, and kubectl where there is no kustomize. */
const DOWNLOAD_MS = 300_000;

let views: OverlayView[];
let validators: ReturnType<typeof loadValidators>;
beforeAll(() => {
  validators = loadValidators();
  views = loadViews(ROOT);
}, DOWNLOAD_MS);

const viewOf = (name: string): OverlayView => views.find((view) => view.name === name)!;

it('every document of every overlay fits the schemas of two minor versions of Kubernetes, and none is skipped', () => {
  expect([...validators.keys()]).toEqual(['1.34.0', '1.37.0']);
  expect(views.map(({ name }) => name)).toEqual(['dev', 'production']);
  for (const { documents } of views) {
    expect(documents.length).toBeGreaterThan(25);
    expect(schemaFindings(documents, validators)).toEqual([]);
  }
});

it('every component is part of an overlay, so that all of them are checked', () => {
  const used = views.map(({ name }) => readFileSync(join(ROOT, 'k8s', 'overlays', name, 'kustomization.yaml'), 'utf8'));
  const components = readdirSync(join(ROOT, 'k8s', 'components'));
  expect(components.length).toBeGreaterThan(5);
  expect(components.filter((name) => !used.some((text) => text.includes(`components/${name}`)))).toEqual([]);
});

it('nothing is found in any overlay', () => {
  expect(views.flatMap((view) => checkOverlay(view, validators))).toEqual([]);
});

describe('a planted mistake is found by its name:', () => {
  it.each(PLANTED_MISTAKES)('$name → $code', ({ overlay, plant, code }) => {
    const view = viewOf(overlay);
    const documents = structuredClone([...view.documents]);
    plant(documents);
    const changed: OverlayView = { ...view, documents };
    expect(checkOverlay(changed, validators).map((one) => one.code)).toContain(code);
  });
});

it('every finding has a planted mistake', () => {
  const planted = new Set(PLANTED_MISTAKES.map(({ code }) => code));
  expect(Object.keys(FINDING_CODES).filter((code) => !planted.has(code as keyof typeof FINDING_CODES))).toEqual([]);
});

it('docs/kubernetes.md has the networks, kinds, secrets and findings of the overlays; npm run manifests -- --write writes them', async () => {
  const document = readKubernetesDocument(ROOT);
  expect(document).toBe(await withSections(document, kubernetesSections(views)));
});
