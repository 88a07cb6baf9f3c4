import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const PROMETHEUS_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'docker', 'prometheus');

/** Of the series first: an alert reads what the rules before it recorded. */
export const RULE_FILES = ['rules/recording.yaml', 'rules/alerts.yaml'] as const;

export interface RecordingRule {
  record: string;
  expr: string;
}

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: 'page' | 'ticket' };
  annotations: { summary: string; description: string; runbook_url: string };
}

export interface RuleGroup {
  name: string;
  rules: (RecordingRule | AlertRule)[];
}

const isAlert = (rule: RecordingRule | AlertRule): rule is AlertRule => 'alert' in rule;

/** The groups of all rule files, in their order. */
export const ruleGroups = (): RuleGroup[] =>
  RULE_FILES.flatMap((file) => {
    const { groups } = parse(readFileSync(join(PROMETHEUS_FOLDER, file), 'utf8')) as { groups: RuleGroup[] };
    return groups;
  });

export const alertsOf = (groups: readonly RuleGroup[]): AlertRule[] =>
  groups.flatMap(({ rules }) => rules.filter(isAlert));

export const recordsOf = (groups: readonly RuleGroup[]): RecordingRule[] =>
  groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [rule])));
