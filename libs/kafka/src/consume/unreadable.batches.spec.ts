import { jest } from '@jest/globals';
import { UnreadableBatchError } from '../kafka.errors.ts';
import { DONE, PARTITION, TOPIC, controlTime, dispatching } from './fetched-batch.double-spec.ts';

controlTime();

const unreadable = new UnreadableBatchError('kafkajs has no codec for zstd');
const REST_MS = 10_000;

test('a batch that can not be decoded pauses its partition, commits nothing and calls no handler; after a rest it is fetched again', async () => {
  const { seen, handled, dispatcher, dispatch } = dispatching([DONE], { unreadable });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(REST_MS - 1000);
  expect([dispatcher.unreadablePartitions, dispatcher.pausedPartitions, seen.paused]).toEqual([1, 1, 1]);
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  expect([dispatcher.unreadablePartitions, dispatcher.pausedPartitions, seen.paused]).toEqual([0, 0, 0]);
  expect(handled).toEqual([]);
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('it is logged as an error with its place and cause, and says what to do', async () => {
  const lines: unknown[][] = [];
  const { dispatch, stop } = dispatching([], { unreadable, log: (...line) => void lines.push(line) });
  const done = dispatch();
  stop.abort();
  await done;
  const detail = { topic: TOPIC, partition: PARTITION, lastOffset: 5, error: unreadable };
  expect(lines).toEqual([['error', expect.stringContaining('kafka-delete-records'), detail]]);
});

test.each([
  ['a rebalance', 'rejoin'],
  ['a stop', 'halt'],
] as const)('%s ends the rest', async (_, event) => {
  const { broker, dispatch, rejoin } = dispatching([], { unreadable });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  if (event === 'rejoin') rejoin();
  else broker.isRunning = false;
  await jest.advanceTimersByTimeAsync(1000);
  await done;
});
