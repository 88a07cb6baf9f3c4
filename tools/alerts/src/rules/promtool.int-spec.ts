import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPromtool, runPromtool } from '@wiber/harness';
import { parse } from 'yaml';
import { PROMETHEUS_FOLDER, RULE_FILES, alertsOf, ruleGroups } from './rule.files.ts';

const missing = missingPromtool();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// missingPromtool says how to get it.
const testWithPromtool = missing === undefined ? test : test.skip;

const TEST_FILES = globSync('tests/*.test.yaml', { cwd: PROMETHEUS_FOLDER }).toSorted();

testWithPromtool('promtool finds no fault in the configuration and the rules', async () => {
  expect(await runPromtool(['check', 'rules', ...RULE_FILES], PROMETHEUS_FOLDER)).toMatchObject({ status: 0 });
  expect(await runPromtool(['check', 'config', 'prometheus.yml'], PROMETHEUS_FOLDER)).toMatchObject({ status: 0 });
});

describe.each(TEST_FILES)('%s', (file) => {
  testWithPromtool(
    'each alert fires in its fault and ends after it, and does not fire in its near miss',
    async () => {
      expect(await runPromtool(['test', 'rules', file], PROMETHEUS_FOLDER)).toEqual({
        status: 0,
        output: expect.stringContaining('SUCCESS'),
      });
    },
    600_000,
  );
});

interface RuleTest {
  name: string;
  promql_expr_test: { expr: string; exp_samples: { value: number }[] }[];
}

test('each alert has a test of its fault and one of a near miss, and each is about the alert that it names', () => {
  const tests = TEST_FILES.flatMap((file) => {
    const { tests: ofFile } = parse(readFileSync(join(PROMETHEUS_FOLDER, file), 'utf8')) as { tests: RuleTest[] };
    return ofFile;
  });
  const seen = { fires: new Set<string>(), 'does not fire': new Set<string>() };
  for (const { name, promql_expr_test: checks } of tests) {
    const [, alert = '', kind = ''] = /^(\w+) (fires|does not fire): ./.exec(name) ?? [];
    expect([name, kind in seen]).toEqual([name, true]);
    seen[kind as keyof typeof seen].add(alert);
    // A test may look at more than its alert.
    const own = checks.filter(({ expr }) => expr === `count(ALERTS{alertname="${alert}",alertstate="firing"})`);
    const counts = own.map(({ exp_samples }) => exp_samples.length);
    expect([name, counts.length > 0, counts.includes(1)]).toEqual([name, true, kind === 'fires']);
  }
  const alerts = alertsOf(ruleGroups()).map(({ alert }) => alert);
  expect([...seen.fires].toSorted()).toEqual(alerts.toSorted());
  expect([...seen['does not fire']].toSorted()).toEqual(alerts.toSorted());
});
