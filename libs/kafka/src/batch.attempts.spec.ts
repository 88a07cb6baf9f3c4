import { jest } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import { attemptBatch, type AttemptPorts, type BatchOutcome, type LogBatch } from './batch.attempts.ts';
import { commitTogether } from './batch.commit.ts';

const DONE: BatchOutcome = { type: 'done' };
const AWAY: BatchOutcome = { type: 'unavailable', cause: new Error('away') };
const HEARTBEAT_MS = 100;

/** A batch of kafkajs and a group, both at the test's command. */
const groupWith = (answers: (BatchOutcome | Promise<BatchOutcome>)[], { lastOffset = '6' } = {}) => {
  const seen = { asked: [] as LogBatch[], committed: [] as string[], resolved: [] as string[], beats: 0 };
  const group = { generation: 1, owned: true, running: true, beat: async () => {}, commit: async () => {} };
  const payload = {
    batch: {
      topic: 't',
      partition: 4,
      messages: [{ offset: '5', key: null, value: Buffer.from('x') }],
      lastOffset: () => lastOffset,
    },
    isRunning: () => group.running,
    heartbeat: () => {
      seen.beats += 1;
      return group.beat();
    },
    commitOffsetsIfNecessary: async (offsets: { topics: { partitions: { offset: string }[] }[] }) => {
      await group.commit();
      seen.committed.push(offsets.topics[0]!.partitions[0]!.offset);
    },
    resolveOffset: (offset: string) => void seen.resolved.push(offset),
  } as unknown as EachBatchPayload;
  const ports: AttemptPorts = {
    ask: async (batch) => {
      seen.asked.push(batch);
      return (await answers[seen.asked.length - 1]) ?? AWAY;
    },
    commit: (pending) => commitTogether([pending]),
    membership: () => ({ generation: group.generation, owns: () => group.owned }),
    isStopping: () => false,
    backoff: { type: 'exponential-full-jitter', baseMs: 10, capMs: 10 },
    heartbeatMs: HEARTBEAT_MS,
    log: () => undefined,
  };
  return { seen, group, attempt: () => attemptBatch(payload, ports) };
};

/** An answer that comes when the test says so. */
const slow = () => {
  let answer: (outcome: BatchOutcome) => void = () => undefined;
  return {
    outcome: new Promise<BatchOutcome>((resolve) => (answer = resolve)),
    answer: (it: BatchOutcome) => answer(it),
  };
};

const rebalancing = () => Promise.reject(new Error('The group is rebalancing'));

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('a batch that is done is committed past its last offset, though no record has it, and only then counts as read', async () => {
  const { seen, group, attempt } = groupWith([DONE], { lastOffset: '9' });
  group.commit = async () => expect(seen.resolved).toEqual([]);
  await attempt();
  expect(seen).toMatchObject({ committed: ['10'], resolved: ['9'] });
});

test('while the store is unavailable the same batch is asked for again and nothing is committed', async () => {
  const { seen, group, attempt } = groupWith([AWAY, AWAY, DONE]);
  group.commit = async () => expect(seen.asked).toHaveLength(3);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(new Set(seen.asked.map((batch) => JSON.stringify(batch))).size).toBe(1);
  expect(seen.committed).toEqual(['7']);
});

test('heartbeats go on while one write is slow', async () => {
  const write = slow();
  const { seen, attempt } = groupWith([write.outcome]);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 50);
  expect(seen.beats).toBe(50);
  write.answer(DONE);
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a heartbeat that fails under a slow write leaves the write alone, and what it wrote is committed', async () => {
  const write = slow();
  const { seen, group, attempt } = groupWith([write.outcome]);
  group.beat = rebalancing;
  const done = attempt();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 3);
  write.answer(DONE);
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a rebalance between two tries ends them, with nothing committed', async () => {
  const { seen, group, attempt } = groupWith([AWAY, DONE]);
  group.beat = rebalancing;
  const done = expect(attempt()).rejects.toThrow('rebalancing');
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a commit that fails leaves the batch unread, so that it comes again and the offset does not stay behind', async () => {
  const { seen, group, attempt } = groupWith([DONE]);
  group.commit = () => Promise.reject(new Error('not coordinator'));
  await expect(attempt()).rejects.toThrow('not coordinator');
  expect(seen.resolved).toEqual([]);
});

test('a batch of an earlier generation is not committed: its partition may have a new owner who is further', async () => {
  const write = slow();
  const { seen, group, attempt } = groupWith([write.outcome]);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(0);
  group.generation = 2;
  write.answer(DONE);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a generation that changes while the commit is under way leaves the new one to read from what is committed', async () => {
  const { seen, group, attempt } = groupWith([DONE]);
  group.commit = async () => void (group.generation = 2);
  await attempt();
  expect(seen.resolved).toEqual([]);
});

test('a batch fetched before its partition went to another member is not even stored', async () => {
  const { seen, group, attempt } = groupWith([DONE]);
  group.owned = false;
  await attempt();
  expect(seen).toMatchObject({ asked: [], committed: [], resolved: [] });
});

test('a consumer that stops while the store is away leaves its batch uncommitted', async () => {
  const { seen, group, attempt } = groupWith([AWAY]);
  group.beat = async () => void (group.running = false);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});
