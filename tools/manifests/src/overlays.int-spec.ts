import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fieldsAt, objectsAt, type Fields } from './document.ts';
import { kubernetesSections, readKubernetesDocument, withSections } from './docs/kubernetes.sections.ts';
import { edgesOf } from './network/edge.matrix.ts';
import { checkOverlay, loadSwitchedViews, loadValidators, loadViews, schemaFindings } from './overlay.check.ts';
import { edit, find, variable } from './planted/planted.mistake.ts';
import { PLANTED_MISTAKES } from './planted/planted.mistakes.ts';
import { FINDING_CODES } from './rules/finding.ts';
import type { OverlayView } from './rules/overlay.view.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** A first run downloads schemas, and kubectl where there is no kustomize. */
const DOWNLOAD_MS = 300_000;

let views: OverlayView[];
/** With the components that are off by default. */
let switched: OverlayView[];
let validators: ReturnType<typeof loadValidators>;
beforeAll(() => {
  validators = loadValidators();
  views = loadViews(ROOT);
  switched = loadSwitchedViews(ROOT, views);
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

it('nothing is found in any overlay, nor with the components that are off by default', () => {
  expect(switched.map(({ name }) => name)).toEqual(['production with all components']);
  expect([...views, ...switched].flatMap((view) => checkOverlay(view, validators))).toEqual([]);
});

const collectorEdges = (view: OverlayView): string[] =>
  edgesOf(view)
    .filter(({ to, isAllowed }) => isAllowed && to.name.includes('collector'))
    .map(({ from, to, port }) => `${from.name} → ${to.name} ${port.port}`);

it('no app reaches a collector; with the component tracing each app that sends spans does, and reaches no pod beside it', () => {
  expect(views.flatMap(collectorEdges)).toEqual([]);
  expect(switched.flatMap(collectorEdges)).toEqual([
    'gateway → collector 4318',
    'ingest → collector 4318',
    'metrics → collector 4318',
  ]);
});

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const TO_COLLECTOR = ['spec', 'egress', 0, 'to', 0] as const;

it.each([
  ['edge_refused', 'an address in another namespace', variable('gateway', ENDPOINT, 'http://collector.tracing:4318')],
  ['edge_refused', 'an address at another port', variable('gateway', ENDPOINT, 'http://collector.observability:4317')],
  [
    'edge_open',
    'a policy that names no pod',
    edit('NetworkPolicy', 'apps-to-collector', [...TO_COLLECTOR, 'podSelector'], undefined),
  ],
  ['edge_open', 'a policy for every pod', edit('NetworkPolicy', 'apps-to-collector', ['spec', 'podSelector'], {})],
])('with the component tracing, %s is found for %s', (code, _, plant) => {
  const [view] = switched;
  const documents = structuredClone([...view!.documents]);
  plant(documents);
  expect(checkOverlay({ ...view!, documents }, validators).map((one) => one.code)).toContain(code);
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

it('rules that name the API server and a resolver of the node by their addresses are taken, as docs/kubernetes.md advises', () => {
  const view = viewOf('production');
  const documents = structuredClone([...view.documents]);
  const egressOf = (name: string) => fieldsAt(find(documents, 'NetworkPolicy', name), 'spec')['egress'] as Fields[];
  const named = ['kafka-brokers', 'entity-operator', 'mongodb-members'].map(egressOf);
  for (const rule of named.flat().filter((one) => one['to'] === undefined))
    rule['to'] = ['10.96.0.1/32', '192.0.2.16/28', '2001:db8::1/128'].map((cidr) => ({ ipBlock: { cidr } }));
  egressOf('dns')[0]!['to'] = [...objectsAt(egressOf('dns')[0], 'to'), { ipBlock: { cidr: '169.254.20.10/32' } }];
  const changed: OverlayView = { ...view, documents };
  expect(checkOverlay(changed, validators)).toEqual([]);
  const allowed = edgesOf(changed).filter(({ isAllowed }) => isAllowed);
  const reached = (to: string) => allowed.filter((edge) => edge.to.name === to).map(({ from }) => from.name);
  expect(new Set(reached('API server'))).toEqual(new Set(['kafka brokers', 'entity operator', 'mongodb']));
  expect([...reached('internet'), ...reached('proxy')]).toEqual([]);
});

it('a rule that names one of several addresses of the API server only is refused', () => {
  const view = viewOf('production');
  const documents = structuredClone([...view.documents]);
  for (const [name, cidr] of [
    ['entity-operator', '192.0.2.1/32'],
    ['mongodb-members', '192.0.2.2/32'],
  ] as const) {
    const egress = fieldsAt(find(documents, 'NetworkPolicy', name), 'spec')['egress'] as Fields[];
    egress.find((one) => one['to'] === undefined)!['to'] = [{ ipBlock: { cidr } }];
  }
  const found = checkOverlay({ ...view, documents }, validators);
  expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['edge_refused']));
  expect(found.every(({ message }) => message.includes('→ API server'))).toBe(true);
});

it('every finding has a planted mistake', () => {
  const planted = new Set(PLANTED_MISTAKES.map(({ code }) => code));
  expect(Object.keys(FINDING_CODES).filter((code) => !planted.has(code as keyof typeof FINDING_CODES))).toEqual([]);
});

it('docs/kubernetes.md has the networks, kinds, secrets and findings of the overlays; npm run manifests -- --write writes them', async () => {
  const document = readKubernetesDocument(ROOT);
  expect(document).toBe(await withSections(document, kubernetesSections(views)));
});
