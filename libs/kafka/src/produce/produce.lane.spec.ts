import { jest } from '@jest/globals';
import fc from 'fast-check';
import { monotonicNow } from '@wiber/resilience';
import { BatchTooLargeError, NotSentError, OutcomeUnknownError } from '../kafka.errors.ts';
import { NOT_SENT, PARTITION, at, laneWith, outcomeOf, turn, until } from './lane.double-spec.ts';
import { ProduceLane } from './produce.lane.ts';

test('records that arrive in one turn of the event loop share the first batch', async () => {
  const { send, call, calls } = laneWith();
  const answers = ['a', 'b', 'c'].map(send);
  const first = await call(1);
  expect(first).toMatchObject({ partition: PARTITION, keys: ['a', 'b', 'c'] });
  first.acknowledge(7);
  expect(await Promise.all(answers)).toEqual([at(7), at(8), at(9)]);
  expect(calls).toHaveLength(1);
});

test('records that arrive while a batch is in flight go into one next batch', async () => {
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

test('one batch is in flight at a time, and no batch has more records than its bound', async () => {
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

test('an idle lane starts again with the next record', async () => {
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
  // After a lost request nothing is written; after a lost answer the repeat writes a second copy.
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

test('an acknowledgement without an offset gives offset -1', async () => {
  const { send, call } = laneWith();
  const answers = ['a', 'b'].map(send);
  (await call(1)).acknowledge(-1);
  expect(await Promise.all(answers)).toEqual([at(-1), at(-1)]);
});

test('a batch has no more bytes than its bound, and a record above the bound is sent alone', async () => {
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

test('a batch that is refused for its size is halved until it is accepted, in order; a single record that is never accepted is reported as not sent', async () => {
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

test('a closing lane answers the records that it has and accepts no others', async () => {
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

test('a lane that cannot close in time answers every caller', async () => {
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

test('a lane that is closed while its batch fails makes no further attempt when its time is over', async () => {
  let appends = 0;
  const policy = {
    type: 'group-commit',
    maxQueued: 10,
    maxQueuedBytes: 100_000,
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
    now: monotonicNow,
  });
  const sent = expect(lane.send({ key: 'a:b', value: '1' })).rejects.toThrow('Kafka did not answer in time');
  await lane.close(20);
  await sent;
  const atClose = appends;
  for (let turn = 0; turn < 50; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(atClose).toBeGreaterThan(0);
  expect(appends).toBeLessThanOrEqual(atClose + 1);
});
