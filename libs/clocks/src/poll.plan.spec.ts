import { assert, constantFrom, array, property } from 'fast-check';
import { NTP_REFUSAL_NAMES, isForbidding } from './ntp.refusal.ts';
import { PollPlan } from './poll.plan.ts';

const plan = (random = () => 0, periodMs = 64_000) => new PollPlan({ periodMs, random });

test('a server that answers is asked once in a period, spread by up to a tenth', () => {
  expect(plan().waitMs).toBe(64_000);
  expect(plan(() => 0.5).waitMs).toBe(67_200);
  expect(plan(() => 0.5).firstWaitMs).toBe(3200);
});

test('a server that does not answer is asked half as often each time, down to a sixteenth; an answer ends that', () => {
  const one = plan();
  const waits = Array.from({ length: 6 }, () => {
    one.refused('silence');
    return one.waitMs / 64_000;
  });
  expect(waits).toEqual([2, 4, 8, 16, 16, 16]);
  one.answered();
  expect(one.waitMs).toBe(64_000);
});

test("a kiss-o'-death RATE doubles the period for good, up to a day and a half", () => {
  const one = plan();
  one.refused('kiss_rate');
  one.answered();
  expect(one.waitMs).toBe(128_000);
  for (let times = 0; times < 20; times += 1) one.refused('kiss_rate');
  expect(one.waitMs).toBe(131_072_000);
});

test.each(['kiss_deny', 'kiss_rstr'] as const)('%s ends all questions', (reason) => {
  const one = plan();
  one.refused(reason);
  expect(one.forbiddenBy).toBe(reason);
});

/** A longer wait is one of a millisecond: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const TIMER_MAX_MS = 2 ** 31 - 1;

test('whatever a server answers, it is never asked before the period is over, and the wait fits a timer', () => {
  const allowed = NTP_REFUSAL_NAMES.filter((reason) => !isForbidding(reason));
  const steps = array(constantFrom('answered' as const, ...allowed), { maxLength: 40 });
  assert(
    property(steps, constantFrom(15_000, 64_000, 86_400_000), constantFrom(0, 0.999), (ends, periodMs, random) => {
      const one = plan(() => random, periodMs);
      return ends.every((end) => {
        if (end === 'answered') one.answered();
        else one.refused(end);
        return one.waitMs >= periodMs && one.waitMs <= TIMER_MAX_MS && one.forbiddenBy === undefined;
      });
    }),
  );
});
