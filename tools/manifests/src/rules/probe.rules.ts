import { isApp } from '../app.settings.ts';
import { nameOf, objectsAt, ofKind, textAt, type Fields } from '../document.ts';
import type { Finding } from './finding.ts';
import { podSources } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

const LIVENESS = '/health/liveness';
/** What each probe must ask of an app, and why another question is wrong. */
const QUESTIONS = {
  startupProbe: { path: LIVENESS, why: 'a pod that waits for Kafka or MongoDB must not be killed' },
  livenessProbe: { path: LIVENESS, why: 'a new process does not help while a server is away' },
  readinessProbe: { path: '/health/serving', why: 'a gateway still sends while MongoDB is away' },
} as const;

const probeFindings = (where: string, container: Fields, paths: readonly string[]): Finding[] =>
  Object.entries(QUESTIONS).flatMap(([probe, { path, why }]) => {
    const asked = textAt(container, probe, 'httpGet', 'path');
    if (asked === '') return [finding('probe_missing', where, `${probe} is missing; it asks ${path}`)];
    if (!paths.includes(asked))
      return [finding('probe_path', where, `${probe} asks ${asked}, which the app does not have`)];
    if (asked !== path) return [finding('probe_wrong', where, `${probe} asks ${asked} and not ${path}: ${why}`)];
    return [];
  });

/** Each app has its three probes, and each asks a path that exists and the right question. */
export const probeRules: Rule = ({ documents, reference }: OverlayView) => [
  ...podSources(documents).flatMap(({ owner, containers }) =>
    containers.flatMap((container) => {
      if (isApp(textAt(container, 'name'))) return probeFindings(nameOf(owner), container, reference.probePaths);
      if (owner.kind === 'Job' || container['readinessProbe']) return [];
      return [finding('probe_missing', nameOf(owner), 'readinessProbe is missing')];
    }),
  ),
  ...ofKind(documents, 'ServiceMonitor').flatMap((monitor) =>
    objectsAt(monitor, 'spec', 'endpoints')
      .map((endpoint) => textAt(endpoint, 'path') || '/metrics')
      .filter((path) => !reference.probePaths.includes(path))
      .map((path) => finding('probe_path', nameOf(monitor), `it asks ${path}, which the app does not have`)),
  ),
];
