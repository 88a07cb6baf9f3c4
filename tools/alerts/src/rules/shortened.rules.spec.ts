import { parse } from 'yaml';
import { alertsOf, recordsOf, ruleGroups, type RuleGroup } from './rule.files.ts';
import { TIME_FACTOR, shortenedRules } from './shortened.rules.ts';

const shortened = (group: RuleGroup, factor: number): RuleGroup[] =>
  (parse(shortenedRules([group], factor)) as { groups: RuleGroup[] }).groups;

const alert = (expr: string, time?: string): RuleGroup => ({
  name: 'g',
  rules: [
    {
      alert: 'A',
      expr,
      ...(time === undefined ? {} : { for: time }),
      labels: { severity: 'page' },
      annotations: { summary: 's', description: 'in 5m', runbook_url: 'u' },
    },
  ],
});

test('ranges, offsets, predictions, waits and `for` are shorter by the factor, and nothing else is', () => {
  const before = alert(
    'rate(a[5m]) > 0.5 and b:ingest_lag_seconds:max > 60 and c > 60 unless d offset 30m or predict_linear(e[3d], 7200) > 1',
    '2m',
  );
  const [after] = shortened(before, 60);
  expect(after).toEqual({
    name: 'g',
    rules: [
      {
        ...before.rules[0],
        expr: 'rate(a[5000ms]) > 0.5 and b:ingest_lag_seconds:max > 1 and c > 60 unless d offset 30000ms or predict_linear(e[4320000ms], 120) > 1',
        for: '2000ms',
      },
    ],
  });
});

test('the rules of an installation keep their names and their order, and none keeps a time of minutes', () => {
  const groups = ruleGroups();
  const { groups: short } = parse(shortenedRules(groups, TIME_FACTOR)) as { groups: RuleGroup[] };
  expect(alertsOf(short).map(({ alert: name }) => name)).toEqual(alertsOf(groups).map(({ alert: name }) => name));
  expect(recordsOf(short).map(({ record }) => record)).toEqual(recordsOf(groups).map(({ record }) => record));
  expect(alertsOf(short).filter(({ for: time = '0ms' }) => !/^\d+ms$/.test(time))).toEqual([]);
  const expressions = short.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  expect(expressions.filter((expr) => /\[\d+[smhd]\]|offset \d+[smhd]\b/.test(expr))).toEqual([]);
  expect(expressions.filter((expr) => /_lag_seconds\S* > /.test(expr))).toEqual(['wiber:ingest_lag_seconds:max > 0.5']);
});
