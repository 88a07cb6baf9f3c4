import { jest } from '@jest/globals';
import { LeaderMovedError, LeaderWatch } from './leader.watch.ts';

const POLICY = { type: 'leader-watch', patienceMs: 500, everyMs: 250, settleMs: 3000 } as const;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

const watchOf = (leaders: number[]) => {
  const state = { leaders, questions: 0, isAway: false };
  const ask = async () => {
    state.questions += 1;
    if (state.isAway) throw new Error('no answer');
    return state.leaders;
  };
  const watch = new LeaderWatch(POLICY, { leaders: ask, now: () => performance.now() });
  watch.learn(leaders);
  /** A request that is not answered until `answer` is called. */
  const attempt = (partition: number) => {
    const send = Promise.withResolvers<number>();
    const seen: { outcome: unknown } = { outcome: undefined };
    const settle = (outcome: unknown) => void (seen.outcome = outcome);
    watch.follow(partition, send.promise).then(settle, settle);
    return { answer: send.resolve, seen };
  };
  return { state, attempt };
};

test('a request that is answered in time asks nobody, and without a request there is no timer', async () => {
  const { attempt, state } = watchOf([1, 2]);
  const first = attempt(0);
  await pass(400);
  first.answer(7);
  await pass(600);
  expect([first.seen.outcome, state.questions]).toEqual([7, 0]);
  expect(jest.getTimerCount()).toBe(0);
});

test('a request without an answer is given up once its partition has another leader; those of other partitions wait on', async () => {
  const { attempt, state } = watchOf([1, 2]);
  const [hung, slow] = [attempt(0), attempt(1)];
  await pass(2000);
  expect([hung.seen.outcome, slow.seen.outcome]).toEqual([undefined, undefined]);
  state.leaders = [3, 2];
  await pass(250);
  expect(hung.seen.outcome).toBeInstanceOf(LeaderMovedError);
  await pass(5000);
  expect(slow.seen.outcome).toBeUndefined();
  slow.answer(9);
  await pass(250);
  expect(slow.seen.outcome).toBe(9);
});

test('a partition without a leader, or a cluster that does not answer, is no new leader', async () => {
  const { attempt, state } = watchOf([1]);
  const hung = attempt(0);
  state.leaders = [-1];
  await pass(1000);
  state.isAway = true;
  await pass(1000);
  Object.assign(state, { isAway: false, leaders: [1] });
  await pass(1000);
  expect(hung.seen.outcome).toBeUndefined();
  state.leaders = [2];
  await pass(250);
  expect(hung.seen.outcome).toBeInstanceOf(LeaderMovedError);
  await pass(250);
});

test('shortly after a change a request that a broker sent to the old leader is given up early; later it is not', async () => {
  const { attempt, state } = watchOf([1]);
  const hung = attempt(0);
  state.leaders = [2];
  await pass(750);
  expect(hung.seen.outcome).toBeInstanceOf(LeaderMovedError);
  const misled = attempt(0);
  await pass(1000);
  expect(misled.seen.outcome).toBeInstanceOf(LeaderMovedError);
  await pass(POLICY.settleMs);
  const slow = attempt(0);
  await pass(5000);
  expect(slow.seen.outcome).toBeUndefined();
  slow.answer(1);
  await pass(250);
});

test('one question is asked at a time, for all requests together', async () => {
  const answers: ((leaders: number[]) => void)[] = [];
  const ports = {
    leaders: () => new Promise<number[]>((resolve) => answers.push(resolve)),
    now: () => performance.now(),
  };
  const watch = new LeaderWatch(POLICY, ports);
  watch.learn([1, 1]);
  const ended = [0, 1].map((partition) =>
    watch.follow(partition, new Promise(() => undefined)).catch((e: unknown) => e),
  );
  await pass(3000);
  expect(answers).toHaveLength(1);
  answers[0]?.([2, 2]);
  for (const outcome of await Promise.all(ended)) expect(outcome).toBeInstanceOf(LeaderMovedError);
  await pass(250);
});
