import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { LogPosition } from '@wiber/contracts';
import { BatchTooLargeError, NotSentError, OutcomeUnknownError } from '../kafka.errors.ts';
import { ProduceLane, type LanePolicy } from './produce.lane.ts';

const PARTITION = 3;
const POLICY: LanePolicy = {
  type: 'group-commit',
  maxQueued: 50,
  maxBatch: 50,
  maxBatchBytes: 100_000,
  stallMs: 20,
  deadlineMs: 50,
  backoff: { type: 'exponential-full-jitter', baseMs: 1, capMs: 2 },
  breaker: { type: 'breaker', failures: 1, resetMs: 1 },
};

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets the event loop turn until the condition holds; Jest's own limit ends a wait for what never comes. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

interface Call {
  partition: number;
  keys: string[];
  acknowledge: (offset: number) => void;
  fail: (error?: Error) => void;
}

/** A lane over an append that answers only when the test says so, and a clock that only the test moves. */
const laneWith = (policy: Partial<LanePolicy> = {}) => {
  const calls: Call[] = [];
  const state = { unanswered: 0, mostUnanswered: 0, now: 1000 };
  const lane = new ProduceLane(
    PARTITION,
    { ...POLICY, ...policy },
    {
      append: (partition, records) =>
        new Promise((resolve, reject) => {
          state.unanswered += 1;
          state.mostUnanswered = Math.max(state.mostUnanswered, state.unanswered);
          calls.push({
            partition,
            keys: records.map(({ key }) => String(key)),
            acknowledge: (offset) => {
              state.unanswered -= 1;
              resolve(offset);
            },
            fail: (error = new Error('no leader')) => {
              state.unanswered -= 1;
              reject(error);
            },
          });
        }),
      turn: async () => () => undefined,
      random: () => 0.5,
      now: () => state.now,
    },
  );
  const send = (key: string): Promise<LogPosition> => {
    const answer = lane.send({ key, value: key });
    answer.catch(() => undefined); // Each test looks at it later; until then a rejection is not "unhandled".
    return answer;
  };
  /** The nth call to append, counted from 1, once it is made. */
  const call = async (nth: number): Promise<Call> => {
    await until(() => calls.length >= nth);
    return calls[nth - 1] as Call;
  };
  return { lane, calls, state, send, call };
};

const at = (offset: number): LogPosition => ({ partition: PARTITION, offset });
const outcomeOf = (answer: Promise<LogPosition>): Promise<unknown> => answer.catch((error: unknown) => error);
const NOT_SENT = { name: NotSentError.name, code: 'log_unavailable' };

test('what arrives in one turn of the event loop shares the first batch', async () => {
  const { send, call, calls } = laneWith();
  const answers = ['a', 'b', 'c'].map(send);
  const first = await call(1);
  expect(first).toMatchObject({ partition: PARTITION, keys: ['a', 'b', 'c'] });
  first.acknowledge(7);
  expect(await Promise.all(answers)).toEqual([at(7), at(8), at(9)]);
  expect(calls).toHaveLength(1);
});

test('what arrives while a batch is in flight goes as one next batch', async () => {
  const { send, call, calls } = laneWith();
  const answers = [send('a')];
  const first = await call(1);
  for (const key of ['b', 'c', 'd']) {
    answers.push(send(key));
    await turn();
  }
  first.acknowledge(0);
  const second = await call(2);
  expect(second.keys).toEqual(['b', 'c', 'd']);
  second.acknowledge(1);
  expect(await Promise.all(answers)).toEqual([at(0), at(1), at(2), at(3)]);
  expect(calls).toHaveLength(2);
});

test('one batch is in flight at a time, and none is larger than the bound', async () => {
  const { send, call, calls, state, lane } = laneWith({ maxBatch: 2 });
  const answers = ['a', 'b', 'c', 'd', 'e'].map(send);
  for (const [nth, offset] of [
    [1, 0],
    [2, 2],
    [3, 4],
  ] as const) {
    const next = await call(nth);
    await turn();
    expect(calls).toHaveLength(nth);
    next.acknowledge(offset);
  }
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4].map(at));
  expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(state.mostUnanswered).toBe(1);
  expect(lane.depth).toBe(0);
});

test('a lane that went idle takes up again', async () => {
  const { send, call, lane } = laneWith();
  for (const nth of [1, 2, 3]) {
    const answer = send(`${nth}`);
    expect(lane.depth).toBe(1);
    (await call(nth)).acknowledge(nth * 10);
    expect(await answer).toEqual(at(nth * 10));
    expect(lane.depth).toBe(0);
  }
});

test('an idle lane leaves no timer behind', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  try {
    const { send, call, lane } = laneWith();
    const answer = send('a');
    const first = await call(1);
    expect(jest.getTimerCount()).toBe(1);
    first.acknowledge(0);
    await answer;
    await until(() => lane.depth === 0);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('a batch that fails is repeated unchanged until it is acknowledged, and nothing overtakes it', async () => {
  // A lost request writes nothing; a lost answer leaves a copy, which the repeat then doubles.
  const step = fc.constantFrom('send', 'send', 'send', 'acknowledge', 'lose the request', 'lose the answer');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, maxBatch) => {
      const { lane, calls, state, send, call } = laneWith({ maxBatch });
      const log: string[] = [];
      const sent: { key: string; answer: Promise<unknown> }[] = [];
      const failed: number[] = [];
      let answered = 0;

      const answer = async (how: string) => {
        const next = await call(answered + 1);
        answered += 1;
        const offset = log.length;
        if (how !== 'lose the request') log.push(...next.keys);
        if (how === 'acknowledge') return next.acknowledge(offset);
        failed.push(answered - 1);
        return next.fail();
      };

      for (const how of steps) {
        if (how === 'send') {
          const key = `${sent.length}`;
          sent.push({ key, answer: outcomeOf(send(key)) });
        } else if (lane.depth > 0) {
          await answer(how);
          await turn();
        }
      }
      while (lane.depth > 0) {
        await answer('acknowledge');
        await turn();
      }

      const accepted: string[] = [];
      for (const { key, answer: outcome } of sent) {
        const result = await outcome;
        if (result instanceof NotSentError) {
          expect(log).not.toContain(key);
          continue;
        }
        accepted.push(key);
        expect(result).toEqual(at(log.lastIndexOf(key)));
      }
      expect([...new Set(log)]).toEqual(accepted);
      for (const index of failed) expect(calls[index + 1]?.keys).toEqual(calls[index]?.keys);
      expect(state.mostUnanswered).toBeLessThanOrEqual(1);
    }),
  );
});

test('what waits behind a failing batch is refused as not sent, and so is who comes while it fails', async () => {
  const { send, call, calls, lane } = laneWith();
  const first = send('a');
  const attempt = await call(1);
  const behind = send('b');
  attempt.fail();
  await turn();
  expect(lane.depth).toBe(1); // At once, not at the next sweep.
  await expect(behind).rejects.toMatchObject(NOT_SENT);
  expect(lane.stalled).toBe(true);
  await expect(send('c')).rejects.toMatchObject(NOT_SENT);
  (await call(2)).acknowledge(5);
  expect(await first).toEqual(at(5));
  expect(lane.stalled).toBe(false);
  const later = send('d');
  const recovered = await call(3);
  expect(lane.stalled).toBe(false);
  const last = send('e');
  recovered.acknowledge(6);
  (await call(4)).acknowledge(7);
  expect(await Promise.all([later, last])).toEqual([at(6), at(7)]);
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['a'], ['d'], ['e']]);
});

test('its breaker opens at the first failure, lets the same batch through as its one try, and closes when that is acknowledged', async () => {
  const { send, call, calls, lane } = laneWith({ breaker: { type: 'breaker', failures: 1, resetMs: 20 } });
  const first = send('a');
  expect(lane.breaker.state).toBe('closed');
  (await call(1)).fail();
  await until(() => lane.breaker.state === 'open');
  expect(calls).toHaveLength(1);
  expect(await outcomeOf(send('b'))).toMatchObject({ ...NOT_SENT, retryAfterMs: 20 });
  const again = await call(2);
  expect(lane.breaker.state).toBe('half-open');
  expect(again.keys).toEqual(['a']);
  expect(await outcomeOf(send('c'))).toMatchObject(NOT_SENT);
  again.fail();
  await until(() => lane.breaker.state === 'open');
  (await call(3)).acknowledge(5);
  expect(await first).toEqual(at(5));
  expect(lane.breaker).toMatchObject({ name: 'produce-3', state: 'closed', openings: 2, rejections: 2 });
});

test('a batch that is late opens its breaker, is not sent a second time for that, and closes it when it is acknowledged', async () => {
  const { send, call, calls, lane, state } = laneWith();
  const first = send('a');
  const attempt = await call(1);
  state.now += POLICY.stallMs + 1;
  expect(await outcomeOf(send('b'))).toMatchObject(NOT_SENT);
  expect(lane.breaker.openings).toBe(1);
  await until(() => lane.breaker.state === 'half-open');
  expect(await outcomeOf(send('c'))).toMatchObject(NOT_SENT);
  attempt.acknowledge(0);
  expect(await first).toEqual(at(0));
  expect(lane.breaker).toMatchObject({ state: 'closed', openings: 1 });
  expect(calls).toHaveLength(1);
});

test('however many come while its breaker is open, none of them is kept', async () => {
  const { send, call, lane, state } = laneWith({ maxQueued: 20 });
  const first = send('a');
  const attempt = await call(1);
  const depths = new Set<number>();
  for (let turns = 0; turns < 10; turns += 1) {
    for (let index = 0; index < 100; index += 1) void send(`${turns}-${index}`);
    depths.add(lane.depth);
    state.now += POLICY.stallMs / 4;
  }
  expect(Math.max(...depths)).toBe(21);
  attempt.fail();
  (await call(2)).acknowledge(0);
  await first;
  expect(lane.depth).toBe(0);
});

test('past the bound a send is refused as overloaded, and what was taken is still answered', async () => {
  const { send, call, calls } = laneWith({ maxQueued: 2 });
  const answers = [send('a')];
  const first = await call(1);
  answers.push(send('b'), send('c'));
  await expect(send('d')).rejects.toMatchObject({ name: NotSentError.name, code: 'overloaded' });
  first.acknowledge(0);
  const second = await call(2);
  answers.push(send('e'));
  second.acknowledge(1);
  (await call(3)).acknowledge(3);
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3].map(at));
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c'], ['e']]);
});

test('behind a batch unanswered for too long nobody waits: they are refused as not sent', async () => {
  const { send, call, lane, state, calls } = laneWith();
  const first = send('a');
  const attempt = await call(1);
  const behind = send('b');
  state.now += POLICY.stallMs;
  expect(lane.stalled).toBe(false);
  state.now += 1;
  expect(lane.stalled).toBe(true);
  await expect(send('c')).rejects.toMatchObject(NOT_SENT);
  await expect(behind).rejects.toMatchObject(NOT_SENT);
  attempt.acknowledge(0);
  expect(await first).toEqual(at(0));
  expect(lane.stalled).toBe(false);
  expect(calls).toHaveLength(1);
});

test('a batch unanswered past the deadline is reported as outcome unknown, and goes on', async () => {
  const { send, call, calls, state, lane } = laneWith();
  const first = send('a');
  const attempt = await call(1);
  state.now += POLICY.deadlineMs;
  await expect(first).rejects.toBeInstanceOf(OutcomeUnknownError);
  expect(lane.depth).toBe(1);
  attempt.fail();
  (await call(2)).acknowledge(0);
  await until(() => lane.depth === 0);
  const next = send('b');
  (await call(3)).acknowledge(1);
  expect(await next).toEqual(at(1));
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['a'], ['b']]);
});

test('what waited in the lane past the deadline is refused as not sent, and is never sent', async () => {
  const { send, call, calls, state } = laneWith({ stallMs: 1000 });
  const first = outcomeOf(send('a'));
  const attempt = await call(1);
  const behind = send('b');
  state.now += POLICY.deadlineMs;
  await expect(behind).rejects.toMatchObject(NOT_SENT);
  expect(await first).toBeInstanceOf(OutcomeUnknownError);
  const inTime = send('c');
  attempt.acknowledge(0);
  (await call(2)).acknowledge(1);
  expect(await inTime).toEqual(at(1));
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['c']]);
});

test('a closing lane answers what it holds and takes nothing more', async () => {
  const { send, call, calls, lane } = laneWith();
  const answers = [send('a')];
  const first = await call(1);
  answers.push(send('b'));
  let closed = false;
  const closing = lane.close(60_000).then(() => (closed = true));
  await expect(send('c')).rejects.toMatchObject(NOT_SENT);
  first.acknowledge(0);
  const second = await call(2);
  await turn();
  expect(closed).toBe(false);
  second.acknowledge(1);
  await closing;
  expect(await Promise.all(answers)).toEqual([at(0), at(1)]);
  await expect(send('d')).rejects.toMatchObject(NOT_SENT);
  expect(calls).toHaveLength(2);
});

test('an idle lane closes at once', async () => {
  const { send, lane, calls } = laneWith();
  await lane.close(60_000);
  await expect(send('a')).rejects.toMatchObject(NOT_SENT);
  expect(calls).toHaveLength(0);
});

test('a lane that cannot close in time leaves nobody without an answer', async () => {
  const { send, call, lane, calls } = laneWith();
  const first = outcomeOf(send('a'));
  const attempt = await call(1);
  const behind = send('b');
  await lane.close(1);
  expect(await first).toBeInstanceOf(OutcomeUnknownError);
  await expect(behind).rejects.toMatchObject(NOT_SENT);
  attempt.acknowledge(0);
  await until(() => lane.depth === 0);
  expect(calls).toHaveLength(1);
});

test('an acknowledgement without an offset gives offset -1', async () => {
  const { send, call } = laneWith();
  const answers = ['a', 'b'].map(send);
  (await call(1)).acknowledge(-1);
  expect(await Promise.all(answers)).toEqual([at(-1), at(-1)]);
});

test('a lane that is closed while its batch fails stops trying when its time to drain is over', async () => {
  let appends = 0;
  const policy = {
    type: 'group-commit',
    maxQueued: 10,
    maxBatch: 10,
    maxBatchBytes: 100_000,
    stallMs: 1000,
    deadlineMs: 1000,
    backoff: { type: 'exponential-full-jitter', baseMs: 1, capMs: 1 },
    breaker: { type: 'breaker', failures: 1, resetMs: 1 },
  } as const;
  const append = () => {
    appends += 1;
    return Promise.reject(new Error('no leader'));
  };
  const lane = new ProduceLane(0, policy, {
    append,
    turn: async () => () => undefined,
    random: () => 0.5,
    now: Date.now,
  });
  const sent = expect(lane.send({ key: 'a:b', value: '1' })).rejects.toThrow('no answer from Kafka');
  await lane.close(20);
  await sent;
  const atClose = appends;
  for (let turn = 0; turn < 50; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(atClose).toBeGreaterThan(0);
  expect(appends).toBeLessThanOrEqual(atClose + 1);
});

test('a batch holds no more bytes than its bound, and a record over the bound goes alone', async () => {
  const { lane, call } = laneWith({ maxBatchBytes: 1000 });
  const sizes = [300, 300, 300, 2000, 300];
  const answers = sizes.map((size, index) => lane.send({ key: String(index), value: 'é'.repeat(size / 2) }));
  const batches = [['0', '1'], ['2'], ['3'], ['4']];
  for (const [index, keys] of batches.entries()) {
    const next = await call(index + 1);
    expect(next.keys).toEqual(keys);
    next.acknowledge(index * 2);
  }
  expect((await Promise.all(answers)).map(({ offset }) => offset)).toEqual([0, 1, 2, 4, 6]);
});

test('a batch that is refused for its size is halved until it passes, in order; one record that never passes is not sent', async () => {
  const { send, calls, call, lane } = laneWith();
  const answers = ['a', 'b', 'HUGE', 'c', 'd'].map(send);
  const log: string[] = [];
  for (let nth = 1; lane.depth > 0; nth += 1) {
    const next = await call(nth);
    if (next.keys.includes('HUGE') || next.keys.length > 2) next.fail(new BatchTooLargeError('too large'));
    else next.acknowledge(log.push(...next.keys) - next.keys.length);
    await until(() => calls.length > nth || lane.depth === 0);
  }
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  expect(await outcomeOf(answers[2]!)).toMatchObject(NOT_SENT);
  void answers.splice(2, 1);
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3].map(at));
});
