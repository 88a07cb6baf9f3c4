import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertsOf, ruleGroups } from './rule.files.ts';

const RUNBOOKS = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'operations.md');
/** The least number of failures, as docs/operations.md gives its reason. */
const LEAST = 10;

/** A burn rate of one pair of windows: `series:ratio_rate<long> > limit and series:ratio_rate<short> > limit and …`. */
const PAIR =
  /^\(?(?<series>wiber:\w+):ratio_rate(?<long>\w+) > (?<limit>[\d.* ]+) and \k<series>:ratio_rate\w+ > \k<limit> and \k<series>:increase(?<counted>\w+) >= (?<least>\d+)\)?$/;

const burns = alertsOf(ruleGroups()).filter(({ alert }) => /Burns(?:Fast|Slowly)$/.test(alert));

test.each(burns)('$alert needs ten failures in each of its long windows, beside both burn rates', ({ alert, expr }) => {
  const pairs = expr.split(' or ').map((pair) => PAIR.exec(pair)?.groups);
  const windows = alert.endsWith('Fast') ? ['1h', '6h'] : ['3d'];
  expect(pairs.map((pair) => pair?.['long'])).toEqual(windows);
  for (const pair of pairs) expect(pair).toMatchObject({ counted: pair?.['long'], least: String(LEAST) });
});

test('docs/operations.md says the least number of failures that the rules have', () => {
  expect(burns).toHaveLength(6);
  expect(readFileSync(RUNBOOKS, 'utf8')).toContain(`at least ${LEAST} failures in its long window`);
});
