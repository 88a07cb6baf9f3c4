import { jest } from '@jest/globals';
import type { BatchOutcome, RejectedRecord } from './batch.outcome.ts';
import {
  AWAY,
  PARTITION,
  TOPIC,
  controlTime,
  dispatching,
  rebalancing,
  rejectionOf,
} from './fetched-batch.double-spec.ts';

controlTime();

test('a rejected record becomes a dead letter with its value, its position and its attempts before its batch is committed', async () => {
  const published: RejectedRecord[] = [];
  let acknowledge = () => {};
  const publish = (rejected: RejectedRecord) => {
    published.push(rejected);
    return new Promise<void>((resolve) => (acknowledge = resolve));
  };
  const rejected = [rejectionOf(6), rejectionOf(6, PARTITION + 1)];
  const { seen, dispatch } = dispatching([AWAY, { type: 'done', rejected }], { offsets: ['5', '6'], publish });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  expect(published).toEqual([
    {
      letter: { topic: TOPIC, partition: PARTITION, offset: 6, reason: 'schema', error: 'planted', attempts: 2 },
      record: { offset: 6, key: null, value: Buffer.from('6'), headers: {} },
    },
  ]);
  expect(seen.committed).toEqual([]);
  acknowledge();
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a dead letter that Kafka refuses is sent until it is acknowledged, acknowledged ones are not sent again, and only then the batch is committed', async () => {
  const sent: number[] = [];
  let refusals = 2;
  const publish = async ({ letter }: RejectedRecord) => {
    sent.push(letter.offset);
    if (letter.offset === 6 && (refusals -= 1) >= 0) throw new Error('no leader');
    expect(seen.committed).toEqual([]);
  };
  const outcome: BatchOutcome = { type: 'done', rejected: [rejectionOf(5), rejectionOf(6)] };
  const { seen, handled, dispatch } = dispatching([outcome], { offsets: ['5', '6'], publish });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(500);
  await done;
  expect(sent).toEqual([5, 6, 6, 6]);
  expect(handled).toHaveLength(1);
  expect(seen.committed).toEqual(['7']);
});

test('a rebalance before a dead letter is acknowledged leaves its batch uncommitted', async () => {
  const publish = () => Promise.reject(new Error('no leader'));
  const { seen, broker, dispatch } = dispatching([{ type: 'done', rejected: [rejectionOf(5)] }], { publish });
  broker.heartbeat = rebalancing;
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('however many records of a batch are rejected, at most 500 dead letters are sent at once', async () => {
  const offsets = Array.from({ length: 1200 }, (_, offset) => String(offset));
  const state = { open: 0, most: 0, sent: 0 };
  const publish = async () => {
    state.open += 1;
    state.sent += 1;
    state.most = Math.max(state.most, state.open);
    await Promise.resolve();
    state.open -= 1;
  };
  const rejected = offsets.map((offset) => rejectionOf(Number(offset)));
  const { seen, dispatch } = dispatching([{ type: 'done', rejected }], { offsets, lastOffset: '1199', publish });
  await dispatch();
  expect(state).toEqual({ open: 0, most: 500, sent: 1200 });
  expect(seen.committed).toEqual(['1200']);
});

test('a rejected record of a topic without dead letters keeps its batch uncommitted and its partition paused', async () => {
  const { seen, broker, dispatch } = dispatching([{ type: 'done', rejected: [rejectionOf(5)] }], { topic: 'other' });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(5000);
  expect(seen).toMatchObject({ committed: [], paused: 1 });
  broker.isRunning = false;
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], paused: 0 });
});
