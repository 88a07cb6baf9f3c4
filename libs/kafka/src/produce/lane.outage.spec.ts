import { BatchTooLargeError, NotSentError, OutcomeUnknownError } from '../kafka.errors.ts';
import { NOT_SENT, POLICY, at, laneWith, outcomeOf, turn, until } from './lane.double-spec.ts';
import { maxBytesOf } from '../client/log.record.ts';

test('records that wait behind a failing batch are refused as not sent, and so are new records until it is acknowledged', async () => {
  const { send, call, calls, lane } = laneWith();
  const first = send('a');
  const attempt = await call(1);
  const behind = send('b');
  attempt.fail();
  await turn();
  expect(lane.depth).toBe(1); // Already now, before the next sweep.
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

test('the breaker opens at the first failure, allows the same batch as its one call, and closes when that is acknowledged', async () => {
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

test('a late batch opens the breaker, is not sent a second time, and closes the breaker when it is acknowledged', async () => {
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

test('while the breaker is open no new record is queued, however many arrive', async () => {
  // The test's clock must not reach the deadline of the first record: the sweep could then answer it.
  const { send, call, lane, state } = laneWith({ maxQueued: 20, deadlineMs: 1000 });
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

test('a record above the queue bound is refused as overloaded, and the queued records are still answered', async () => {
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

test('the bytes of a queue keep their bound, and a record that leaves it makes room at once', async () => {
  const value = 'x'.repeat(400);
  const bytes = maxBytesOf({ key: 'a', value });
  const { call, lane } = laneWith({ maxQueuedBytes: 2 * bytes, maxBatch: 2 });
  const send = (key: string) => lane.send({ key, value });
  const answers = [send('a')];
  const first = await call(1);
  answers.push(send('b'), send('c'));
  await expect(send('d')).rejects.toMatchObject({ name: NotSentError.name, code: 'overloaded' });
  first.acknowledge(0);
  const second = await call(2);
  answers.push(send('e'), send('f'));
  await expect(lane.send({ key: 'g', value: '' })).rejects.toMatchObject({ code: 'overloaded' });
  second.acknowledge(1);
  (await call(3)).acknowledge(3);
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4].map(at));
});

test('a queue that was emptied by an outage or by deadlines has its whole room again', async () => {
  const value = 'x'.repeat(400);
  const { call, lane, state } = laneWith({ maxQueuedBytes: maxBytesOf({ key: 'a', value }), stallMs: 1000 });
  const send = (key: string) => outcomeOf(lane.send({ key, value }));
  const first = send('a');
  const attempt = await call(1);
  const late = send('b');
  state.now += POLICY.deadlineMs;
  expect(await late).toMatchObject(NOT_SENT);
  const refused = send('c');
  attempt.fail();
  expect(await refused).toMatchObject(NOT_SENT);
  (await call(2)).acknowledge(0);
  await first;
  await until(() => lane.depth === 0);
  const next = [send('d')];
  const third = await call(3);
  next.push(send('e'));
  third.acknowledge(1);
  (await call(4)).acknowledge(2);
  expect(await Promise.all(next)).toEqual([1, 2].map(at));
});

test('an empty queue takes a record that is larger than its bound', async () => {
  const { call, send } = laneWith({ maxQueuedBytes: 1 });
  const answer = send('a');
  (await call(1)).acknowledge(0);
  expect(await answer).toEqual(at(0));
});

test('a record that is too large only after an attempt without an answer is reported as outcome unknown, not as not sent', async () => {
  const { send, call } = laneWith({ deadlineMs: 60_000 });
  const answers = ['a', 'b'].map((key) => outcomeOf(send(key)));
  (await call(1)).fail(new Error('timed out'));
  (await call(2)).fail(new BatchTooLargeError('the limit was lowered'));
  const half = await call(3);
  expect(half.keys).toEqual(['a']);
  half.fail(new BatchTooLargeError('the limit was lowered'));
  (await call(4)).fail(new BatchTooLargeError('the limit was lowered'));
  for (const answer of await Promise.all(answers)) expect(answer).toBeInstanceOf(OutcomeUnknownError);
});

test('behind a batch without an answer no record waits: all are refused as not sent', async () => {
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

test('a batch without an answer at the deadline is reported as outcome unknown, and it is still sent until acknowledged', async () => {
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

test('a record that is queued past its deadline is refused as not sent, and is never sent', async () => {
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
