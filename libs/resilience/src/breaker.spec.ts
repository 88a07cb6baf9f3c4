import { jest } from '@jest/globals';
import { Breaker, BreakerOpenError, type BreakerPorts, type BreakerState } from './index.ts';

const POLICY = { type: 'breaker', failures: 3, resetMs: 500 } as const;

class AwayError extends Error {}
class RefusedError extends Error {}

const away = () => Promise.reject(new AwayError());
const refused = () => Promise.reject(new RefusedError());
const answered = () => Promise.resolve('answer');

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const breakerWith = (ports: Partial<BreakerPorts> = {}) => {
  const changes: BreakerState[] = [];
  const breaker = new Breaker('the store', POLICY, {
    saysAway: (error) => error instanceof AwayError,
    now: Date.now,
    onChange: (state) => changes.push(state),
    ...ports,
  });
  return { breaker, changes };
};

const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const fail = async (breaker: Breaker, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) expect(await outcomeOf(breaker.run(away))).toBeInstanceOf(AwayError);
};
/** A call that answers when the test says so. */
const held = () => {
  const call = Promise.withResolvers<string>();
  return { work: () => call.promise, answer: call.resolve, lose: () => call.reject(new AwayError()) };
};

test('failures in a row open it, and then nothing is asked and the refusal says when to come again', async () => {
  const { breaker, changes } = breakerWith();
  await fail(breaker, POLICY.failures - 1);
  expect(breaker.state).toBe('closed');
  await fail(breaker, 1);
  expect(breaker).toMatchObject({ state: 'open', openings: 1, retryAfterMs: 500 });
  await jest.advanceTimersByTimeAsync(120);
  const work = jest.fn(answered);
  const refusal = await outcomeOf(breaker.run(work));
  expect(refusal).toBeInstanceOf(BreakerOpenError);
  expect(refusal).toMatchObject({ retryAfterMs: 380 });
  expect(work).not.toHaveBeenCalled();
  expect(breaker.rejections).toBe(1);
  expect(changes).toEqual(['open']);
});

test.each<[string, () => Promise<unknown>]>([
  ['a success', answered],
  ['an error that is an answer', refused],
])('%s between failures begins the row anew', async (_, answer) => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures - 1);
  await outcomeOf(breaker.run(answer));
  await fail(breaker, POLICY.failures - 1);
  expect(breaker.state).toBe('closed');
  await fail(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('however many errors are answers, it stays closed, and each reaches its caller', async () => {
  const { breaker } = breakerWith();
  for (let time = 0; time < 50; time += 1) {
    expect(await outcomeOf(breaker.run(refused))).toBeInstanceOf(RefusedError);
  }
  expect(breaker).toMatchObject({ state: 'closed', openings: 0, rejections: 0 });
});

test('calls that hang do not hide those that fail', async () => {
  const { breaker } = breakerWith();
  for (let time = 0; time < 100; time += 1) void breaker.run(held().work);
  await fail(breaker, POLICY.failures);
  expect(breaker.state).toBe('open');
});

test('after its time one call is let through and the others are refused; its answer closes it', async () => {
  const { breaker, changes } = breakerWith();
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(499);
  expect(breaker.state).toBe('open');
  await jest.advanceTimersByTimeAsync(1);
  expect(breaker.state).toBe('half-open');
  const probe = held();
  const passed = breaker.run(probe.work);
  expect(await outcomeOf(breaker.run(answered))).toMatchObject({ name: 'BreakerOpenError', retryAfterMs: 500 });
  probe.answer('back');
  expect(await passed).toBe('back');
  expect(await breaker.run(answered)).toBe('answer');
  expect(changes).toEqual(['open', 'half-open', 'closed']);
});

test('a call let through that fails opens it again, for its whole time', async () => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  await fail(breaker, 1);
  expect(breaker).toMatchObject({ state: 'open', openings: 2, retryAfterMs: 500 });
});

test('an error that is an answer closes it too', async () => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  expect(await outcomeOf(breaker.run(refused))).toBeInstanceOf(RefusedError);
  expect(breaker.state).toBe('closed');
});

test('once closed it has forgotten: the calls that it refused and those that failed count no more', async () => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures);
  for (let time = 0; time < 100; time += 1) await outcomeOf(breaker.run(answered));
  await jest.advanceTimersByTimeAsync(500);
  await breaker.run(answered);
  await fail(breaker, POLICY.failures - 1);
  expect(breaker.state).toBe('closed');
  await fail(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('what was begun before it opened and fails afterwards neither opens it again nor counts', async () => {
  const { breaker, changes } = breakerWith();
  const early = Array.from({ length: 20 }, held);
  const lost = early.map(({ work }) => outcomeOf(breaker.run(work)));
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  for (const { lose } of early.slice(0, 10)) lose();
  await Promise.all(lost.slice(0, 10));
  expect(breaker.state).toBe('half-open');
  await breaker.run(answered);
  for (const { lose } of early) lose();
  await Promise.all(lost);
  expect(changes).toEqual(['open', 'half-open', 'closed']);
});

test('with a probe of its own it closes without traffic, and lets no caller try in its place', async () => {
  const state = { isAway: true, probes: 0 };
  const probe = async () => {
    state.probes += 1;
    if (state.isAway) throw new AwayError();
  };
  const { breaker, changes } = breakerWith({ probe });
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(1000);
  expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'open']);
  expect(await outcomeOf(breaker.run(answered))).toBeInstanceOf(BreakerOpenError);
  state.isAway = false;
  await jest.advanceTimersByTimeAsync(500);
  expect(breaker.state).toBe('closed');
  await jest.advanceTimersByTimeAsync(5000);
  expect(state.probes).toBe(3);
});

test('while its probe is unanswered, callers are refused', async () => {
  const probe = held();
  const { breaker } = breakerWith({ probe: probe.work });
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  expect(breaker.state).toBe('half-open');
  expect(await outcomeOf(breaker.run(answered))).toBeInstanceOf(BreakerOpenError);
  probe.answer('back');
  await jest.advanceTimersByTimeAsync(0);
  expect(await breaker.run(answered)).toBe('answer');
});

test('it can be opened for what no failure tells, and closed by a late answer', async () => {
  const { breaker } = breakerWith();
  breaker.open();
  const tried = jest.fn();
  void breaker.untilTried().then(tried);
  await jest.advanceTimersByTimeAsync(499);
  expect(tried).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(tried).toHaveBeenCalled();
  breaker.close();
  await breaker.untilTried();
  expect(breaker).toMatchObject({ state: 'closed', retryAfterMs: 0 });
});

test('a closed breaker leaves no timer behind', async () => {
  const { breaker } = breakerWith();
  await breaker.run(answered);
  expect(jest.getTimerCount()).toBe(0);
  await fail(breaker, POLICY.failures);
  breaker.close();
  expect(jest.getTimerCount()).toBe(0);
});
