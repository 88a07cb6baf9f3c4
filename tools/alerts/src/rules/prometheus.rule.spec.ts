import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { PROMETHEUS_RULE_FILE, prometheusRule } from './prometheus.rule.ts';
import { ruleGroups } from './rule.files.ts';

test('Kubernetes has the same rules as docker/prometheus; npm run alerts -- --write makes them', () => {
  const written = readFileSync(PROMETHEUS_RULE_FILE, 'utf8');
  expect(parse(written)).toEqual(parse(prometheusRule(ruleGroups())));
});
