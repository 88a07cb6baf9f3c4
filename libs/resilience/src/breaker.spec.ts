import { jest } from '@jest/globals';
import { Breaker, BreakerOpenError, type BreakerPorts, type BreakerState } from './breaker.ts';
import { monotonicNow } from './clock.ts';

const POLICY = { type: 'breaker', failures: 3, resetMs: 500 } as const;

class AwayError extends Error {}
class RefusedError extends Error {}

const away = () => Promise.reject(new AwayError());
const refusedByServer = () => Promise.reject(new RefusedError());
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
    isFailure: (error) => error instanceof AwayError,
    now: monotonicNow,
    onChange: (state) => changes.push(state),
    ...ports,
  });
  return { breaker, changes };
};

const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const fail = async (breaker: Breaker, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) expect(await outcomeOf(breaker.run(away))).toBeInstanceOf(AwayError);
};
/** A call that the test settles. */
const held = () => {
  const call = Promise.withResolvers<string>();
  return { work: () => call.promise, answer: call.resolve, lose: () => call.reject(new AwayError()) };
};

test('failures in a row open it; then no call is made, and the error says when to try again', async () => {
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
  ['an error that is not a failure', refusedByServer],
])('%s between failures starts the count again', async (_, answer) => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures - 1);
  await outcomeOf(breaker.run(answer));
  await fail(breaker, POLICY.failures - 1);
  expect(breaker.state).toBe('closed');
  await fail(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('errors that are not failures never open it, and each reaches its caller', async () => {
  const { breaker } = breakerWith();
  for (let time = 0; time < 50; time += 1) {
    expect(await outcomeOf(breaker.run(refusedByServer))).toBeInstanceOf(RefusedError);
  }
  expect(breaker).toMatchObject({ state: 'closed', openings: 0, rejections: 0 });
});

test('hanging calls do not hide failing calls', async () => {
  const { breaker } = breakerWith();
  for (let time = 0; time < 100; time += 1) void breaker.run(held().work);
  await fail(breaker, POLICY.failures);
  expect(breaker.state).toBe('open');
});

test('after resetMs one call is allowed and the others are refused; an answer to it closes the breaker', async () => {
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

test('when the one allowed call fails, the breaker opens again for the whole resetMs', async () => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  await fail(breaker, 1);
  expect(breaker).toMatchObject({ state: 'open', openings: 2, retryAfterMs: 500 });
});

test('an error that is not a failure closes it too', async () => {
  const { breaker } = breakerWith();
  await fail(breaker, POLICY.failures);
  await jest.advanceTimersByTimeAsync(500);
  expect(await outcomeOf(breaker.run(refusedByServer))).toBeInstanceOf(RefusedError);
  expect(breaker.state).toBe('closed');
});

test('once it is closed, earlier failures and refused calls no longer count', async () => {
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

test('a call that started before it opened and fails afterwards is not counted and does not open it again', async () => {
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

test('with a probe it closes without traffic, and no caller makes the call in its place', async () => {
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

test('callers are refused until the probe is answered', async () => {
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

test('a caller can open it without a failed call, and close it on a late answer', async () => {
  const { breaker } = breakerWith();
  breaker.open();
  const waited = jest.fn();
  void breaker.waitWhileOpen().then(waited);
  await jest.advanceTimersByTimeAsync(499);
  expect(waited).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(waited).toHaveBeenCalled();
  breaker.close();
  await breaker.waitWhileOpen();
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
