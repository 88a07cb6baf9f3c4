import { jest } from '@jest/globals';
import {
  AWAY,
  DONE,
  HEARTBEAT_MS,
  controlTime,
  dispatching,
  rebalancing,
  slowOutcome,
} from './fetched-batch.double-spec.ts';

controlTime();

test('a handled batch is committed after its last offset, which no record may have, and is marked read only then', async () => {
  const { seen, broker, dispatch } = dispatching([DONE], { lastOffset: '9' });
  broker.commit = async () => expect(seen.resolved).toEqual([]);
  await dispatch();
  expect(seen).toMatchObject({ committed: ['10'], resolved: ['9'] });
});

test('the note of an outcome is committed with the offset; without a note none is committed', async () => {
  const noted = dispatching([AWAY, { ...DONE, note: 'T1' }]);
  const dispatched = noted.dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await dispatched;
  const plain = dispatching([DONE]);
  await plain.dispatch();
  expect([noted.seen.notes, plain.seen.notes]).toEqual([['T1'], [null]]);
});

test('while the store is unavailable the same batch is handled again and nothing is committed', async () => {
  const { seen, broker, handled, dispatch } = dispatching([AWAY, AWAY, DONE]);
  broker.commit = async () => expect(handled).toHaveLength(3);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(new Set(handled.map((batch) => JSON.stringify(batch))).size).toBe(1);
  expect(seen.committed).toEqual(['7']);
});

test('a batch that needs a second attempt is set aside with its partition paused, so that other partitions continue', async () => {
  const { seen, dispatcher, dispatch } = dispatching([AWAY, AWAY, DONE]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  expect([dispatcher.pausedPartitions, seen.paused, seen.committed]).toEqual([1, 1, []]);
  await jest.advanceTimersByTimeAsync(200);
  await done;
  expect(dispatcher.pausedPartitions).toBe(0);
  expect(seen).toMatchObject({ paused: 0, committed: ['7'], resolved: ['6'] });
});

test('a batch that succeeds at its first attempt pauses nothing, however slow it is', async () => {
  const write = slowOutcome();
  const { dispatcher, dispatch } = dispatching([write.outcome]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 50);
  expect(dispatcher.pausedPartitions).toBe(0);
  write.report(DONE);
  await done;
  expect(dispatcher.pausedPartitions).toBe(0);
});

test('heartbeats continue during one slow write', async () => {
  const write = slowOutcome();
  const { seen, dispatch } = dispatching([write.outcome]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 50);
  expect(seen.heartbeats).toBe(50);
  write.report(DONE);
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a heartbeat that fails during a slow write does not stop the write, and its batch is committed', async () => {
  const write = slowOutcome();
  const { seen, broker, dispatch } = dispatching([write.outcome]);
  broker.heartbeat = rebalancing;
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 3);
  write.report(DONE);
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a rebalance between two attempts ends them, and nothing is committed', async () => {
  const { seen, broker, dispatch } = dispatching([AWAY, DONE]);
  broker.heartbeat = rebalancing;
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a batch whose partition is assigned anew between two attempts is not handled again', async () => {
  const { seen, handled, dispatch, rejoin } = dispatching([AWAY, DONE]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  rejoin();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(handled).toHaveLength(1);
  expect(seen).toMatchObject({ committed: [], resolved: [], paused: 0 });
});

test('a failed commit leaves the batch unread, so that it is fetched again and the offset does not stay behind', async () => {
  const { seen, broker, dispatch } = dispatching([DONE]);
  broker.commit = () => Promise.reject(new Error('not coordinator'));
  await expect(dispatch()).rejects.toThrow('not coordinator');
  expect(seen.resolved).toEqual([]);
});

test('a batch of an earlier generation is not committed: its partition may have a new owner that committed more', async () => {
  const write = slowOutcome();
  const { seen, dispatch, rejoin } = dispatching([write.outcome]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  rejoin();
  write.report(DONE);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a batch whose partition is revoked while the handler works on it is not committed', async () => {
  const write = slowOutcome();
  const { seen, dispatch, revoke } = dispatching([write.outcome]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  revoke();
  write.report(DONE);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('after a rebalance during the commit the batch is not marked read: the new generation reads from the committed offset', async () => {
  const { seen, broker, dispatch, rejoin } = dispatching([DONE]);
  broker.commit = async () => rejoin();
  await dispatch();
  expect(seen.resolved).toEqual([]);
});

test('a batch that was fetched before its partition was revoked is not handled', async () => {
  const { seen, handled, dispatch, revoke } = dispatching([DONE]);
  revoke();
  await dispatch();
  expect(handled).toEqual([]);
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a consumer that stops while the store is unavailable leaves its batch uncommitted', async () => {
  const { seen, broker, dispatch } = dispatching([AWAY]);
  broker.heartbeat = async () => void (broker.isRunning = false);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a stop during a write waits for the write and commits it', async () => {
  const write = slowOutcome();
  const { seen, broker, dispatch, stop } = dispatching([write.outcome]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  stop.abort();
  broker.isRunning = false;
  write.report(DONE);
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a stop ends the wait between two attempts at once', async () => {
  const { seen, broker, dispatch, handled, stop } = dispatching([AWAY, DONE]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  stop.abort();
  broker.isRunning = false;
  await done;
  expect(handled).toHaveLength(1);
  expect(seen).toMatchObject({ committed: [], paused: 0 });
});
