import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongTime, clusterFaults } from '../live/cluster.faults.ts';
import { LONG_FAULTS } from '../live/long.faults.ts';
import { SMALL_FAULTS } from '../live/small.faults.ts';
import { PROMETHEUS_FOLDER, alertsOf, ruleGroups, type AlertRule } from './rule.files.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const RUNBOOKS = 'docs/operations.md';
const alerts = alertsOf(ruleGroups());

/** The sections of alerts, by the name of the alert. */
const sections = (): Map<string, string> => {
  const [, ...parts] = readFileSync(join(ROOT, RUNBOOKS), 'utf8').split(/^### /m);
  return new Map(
    parts.map((part) => {
      const end = part.search(/^## /m);
      const text = end === -1 ? part : part.slice(0, end);
      const line = text.indexOf('\n');
      return [text.slice(0, line), text.slice(line + 1)] as const;
    }),
  );
};

test('each alert has one section of the runbooks, and each section has its alert, in the same order', () => {
  expect([...sections().keys()]).toEqual(alerts.map(({ alert }) => alert));
});

/** The link of an alert: the page that an external label of Prometheus names, else the one of this repository. */
const LINK = /^\{\{ or \$externalLabels\.wiber_runbooks "(?<page>[^"]+)" \}\}#(?<anchor>\S+)$/;

test.each(alerts)('$alert links to its own section of a page that exists', ({ alert, annotations }) => {
  const { page = '', anchor = '' } = LINK.exec(annotations.runbook_url)?.groups ?? {};
  expect(page).toBe(RUNBOOKS);
  const anchors = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^### (\w+)$/gm)].map(([, name]) => name!);
  expect(anchors.filter((name) => name.toLowerCase() === anchor)).toEqual([alert]);
});

test('what the page and prometheus.yml say of the external label fits the rules', () => {
  const config = readFileSync(join(PROMETHEUS_FOLDER, 'prometheus.yml'), 'utf8');
  for (const text of [readFileSync(join(ROOT, RUNBOOKS), 'utf8'), config])
    expect(text).toMatch(/external_?labels: \{ wiber_runbooks: 'https:\/\/\S+\/docs\/operations\.md' \}/i);
});

test.each(alerts)('the section of $alert says what it means, what to look at and what to do', ({ alert, labels }) => {
  const section = sections().get(alert) ?? '';
  expect(section).toContain(`**${labels.severity === 'page' ? 'Page' : 'Ticket'}.**`);
  for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(section).toContain(part);
});

test.each(alerts)('$alert says in plain words what is so, and how bad it is', ({ labels, annotations }: AlertRule) => {
  expect(Object.keys(labels)).toEqual(['severity']);
  expect(['page', 'ticket']).toContain(labels.severity);
  expect(annotations.summary).toMatch(/^[A-Z].{10,140}[^.]$/);
  expect(annotations.description).toMatch(/^.{10,200}\.$/);
});

test('the page names the alerts whose fault nothing makes on real servers, and no other', () => {
  const faults = [...SMALL_FAULTS, ...LONG_FAULTS, ...clusterFaults(new WrongTime())];
  const made = new Set(faults.flatMap(({ alerts: names }) => names));
  const names = alerts.map(({ alert }) => alert);
  expect([...made].filter((name) => !names.includes(name))).toEqual([]);
  const line = /^Only unit tests have: (.*)\.$/m.exec(readFileSync(join(ROOT, RUNBOOKS), 'utf8'))?.[1];
  expect(line).toBe(names.flatMap((name) => (made.has(name) ? [] : [`\`${name}\``])).join(', '));
});

test('no two alerts have one name', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});
