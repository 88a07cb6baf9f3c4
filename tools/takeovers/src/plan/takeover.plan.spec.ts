import { TAKEOVER_KINDS } from './takeover.kind.ts';
import { planText, planTakeovers } from './takeover.plan.ts';

const plan = (seed: number, count = 70) => planTakeovers({ seed, count, kinds: TAKEOVER_KINDS });

test('the same seed gives the same schedule, and another seed another one', () => {
  expect(planText(plan(7))).toBe(planText(plan(7)));
  expect(planText(plan(7))).not.toBe(planText(plan(8)));
});

test('a shorter run with the same seed is the beginning of the longer one', () => {
  expect(plan(7, 30)).toEqual(plan(7).slice(0, 30));
});

test('each kind comes equally often, and each fault of the leader comes', () => {
  const planned = plan(7);
  for (const kind of TAKEOVER_KINDS) expect(planned.filter((one) => one.kind === kind)).toHaveLength(10);
  expect(new Set(planned.map(({ leader }) => leader))).toEqual(new Set(['kill', 'pause', 'cut', 'stop']));
});
