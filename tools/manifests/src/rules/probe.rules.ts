import { isApp } from '../app.settings.ts';
import { nameOf, objectsAt, ofKind, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
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

/** For how many seconds a probe must go on failing before it has a result: a full machine must not end a pod. */
const LEAST_SECONDS = { startupProbe: 30, livenessProbe: 30, readinessProbe: 5 } as const;

/** What every container's probes have in common. The defaults are those of the API. */
const patienceFindings = (where: string, container: Fields): Finding[] =>
  Object.entries(LEAST_SECONDS).flatMap(([name, least]) => {
    if (container[name] === undefined) return [];
    const number = (field: string, byDefault: number) => Number(valueAt(container, name, field) ?? byDefault);
    const period = number('periodSeconds', 10);
    const failures = number('failureThreshold', 3);
    const timeout = number('timeoutSeconds', 1);
    const faults = [
      ...(period * failures >= least
        ? []
        : [`it gives up after ${period * failures} s, and must not before ${least} s`]),
      ...(failures >= 2 ? [] : ['one failure decides']),
      ...(timeout <= period ? [] : [`it may take ${timeout} s, longer than its period`]),
      ...(['', 'HTTP'].includes(textAt(container, name, 'httpGet', 'scheme')) ? [] : ['nobody here speaks HTTPS']),
      ...(textAt(container, name, 'httpGet', 'host') === '' ? [] : ['it asks another host than the pod']),
    ];
    return faults.map((fault) => finding('probe_wrong', where, `${name}: ${fault}`));
  });

const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1]);

/** The operator of Prometheus leaves out a monitor whose answer may come after the next question. */
const scrapeFindings = (monitor: Manifest): Finding[] =>
  objectsAt(monitor, 'spec', 'endpoints')
    .map((endpoint) => [textAt(endpoint, 'scrapeTimeout'), textAt(endpoint, 'interval')] as const)
    .filter(([timeout, interval]) => seconds(timeout) > seconds(interval))
    .map(([timeout, interval]) =>
      finding('probe_wrong', nameOf(monitor), `scrapeTimeout is ${timeout}, longer than the interval ${interval}`),
    );

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
      const where = nameOf(owner);
      const impatient = patienceFindings(where, container);
      if (isApp(textAt(container, 'name')))
        return [...impatient, ...probeFindings(where, container, reference.probePaths)];
      if (owner.kind === 'Job' || container['readinessProbe']) return impatient;
      return [...impatient, finding('probe_missing', where, 'readinessProbe is missing')];
    }),
  ),
  ...ofKind(documents, 'ServiceMonitor').flatMap(scrapeFindings),
  ...ofKind(documents, 'ServiceMonitor').flatMap((monitor) =>
    objectsAt(monitor, 'spec', 'endpoints')
      .map((endpoint) => textAt(endpoint, 'path') || '/metrics')
      .filter((path) => !reference.probePaths.includes(path))
      .map((path) => finding('probe_path', nameOf(monitor), `it asks ${path}, which the app does not have`)),
  ),
];
