import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongTime, clusterFaults } from '../live/cluster.faults.ts';
import { LONG_FAULTS } from '../live/long.faults.ts';
import { SMALL_FAULTS } from '../live/small.faults.ts';
import { alertsOf, ruleGroups, type AlertRule } from './rule.files.ts';

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

test.each(alerts)('$alert leads to its section, which says what it means, what to look at and what to do', (rule) => {
  const { alert, labels, annotations } = rule;
  expect(annotations.runbook_url).toBe(`${RUNBOOKS}#${alert.toLowerCase()}`);
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
