import { jest } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import { attemptBatch, type AttemptPorts } from './batch.attempts.ts';
import { commitTogether } from './batch.commit.ts';
import type { BatchOutcome, GivenUp, LogBatch, Rejection } from './batch.outcome.ts';

const DONE: BatchOutcome = { type: 'done', rejected: [] };
const AWAY: BatchOutcome = { type: 'unavailable', cause: new Error('away') };
const BUG: BatchOutcome = { type: 'failed', cause: new TypeError('planted') };
const HEARTBEAT_MS = 100;
const TRIES = 3;
const PARTITION = 4;

/** A batch of kafkajs and a group, both at the test's command. */
const groupWith = (
  answers: (BatchOutcome | Promise<BatchOutcome>)[],
  {
    lastOffset = '6',
    offsets = ['5'],
    ...own
  }: { lastOffset?: string; offsets?: string[] } & Partial<AttemptPorts> = {},
) => {
  const seen = {
    asked: [] as LogBatch[],
    committed: [] as string[],
    notes: [] as (string | null)[],
    resolved: [] as string[],
    beats: 0,
    paused: 0,
  };
  const group = { generation: 1, owned: true, running: true, beat: async () => {}, commit: async () => {} };
  const payload = {
    batch: {
      topic: 't',
      partition: PARTITION,
      messages: offsets.map((offset) => ({ offset, key: null, value: Buffer.from(offset) })),
      lastOffset: () => lastOffset,
    },
    isRunning: () => group.running,
    heartbeat: () => {
      seen.beats += 1;
      return group.beat();
    },
    commitOffsetsIfNecessary: async ({
      topics,
    }: {
      topics: { partitions: { offset: string; metadata: string | null }[] }[];
    }) => {
      await group.commit();
      const { offset, metadata } = topics[0]!.partitions[0]!;
      seen.committed.push(offset);
      seen.notes.push(metadata);
    },
    pause: () => {
      seen.paused += 1;
      return () => void (seen.paused -= 1);
    },
    resolveOffset: (offset: string) => void seen.resolved.push(offset),
  } as unknown as EachBatchPayload;
  const aside: Promise<void>[] = [];
  const ports: AttemptPorts = {
    ask: async (batch) => {
      seen.asked.push(batch);
      return (await answers[seen.asked.length - 1]) ?? AWAY;
    },
    commit: (pending) => commitTogether([pending]),
    setAside: (work) => void aside.push(work),
    membership: () => ({ generation: group.generation, owns: () => group.owned }),
    isStopping: () => false,
    askAlone: () => Promise.reject(new Error('not asked for in this test')),
    giveUp: () => Promise.reject(new Error('not asked for in this test')),
    policy: {
      type: 'retry',
      backoff: { type: 'exponential-full-jitter', baseMs: 10, capMs: 10 },
      triesOfFailed: TRIES,
    },
    heartbeatMs: HEARTBEAT_MS,
    log: () => undefined,
    ...own,
  };
  /** Resolves when kafkajs has its batch back and what went on without it has ended. */
  const attempt = async () => {
    await attemptBatch(payload, ports);
    await Promise.all(aside);
  };
  return { seen, group, aside, attempt };
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

test('the note of what was stored is committed with the offset, and none where nothing was', async () => {
  const noted = groupWith([AWAY, { ...DONE, note: 'T1' }]);
  const attempted = noted.attempt();
  await jest.advanceTimersByTimeAsync(100);
  await attempted;
  const plain = groupWith([DONE]);
  await plain.attempt();
  expect([noted.seen.notes, plain.seen.notes]).toEqual([['T1'], [null]]);
});

test('of a batch that was handed over in halves the note of the last that has one is committed', async () => {
  const halves: Record<number, BatchOutcome> = { 3: { ...DONE, note: 'T1' }, 5: DONE };
  const { seen, attempt } = groupWith([BUG], {
    offsets: ['3', '4', '5', '6'],
    askAlone: async ({ records }) => (records.length > 2 ? BUG : halves[records[0]!.offset]!),
  });
  const attempted = attempt();
  await jest.advanceTimersByTimeAsync(1000);
  await attempted;
  expect(seen).toMatchObject({ committed: ['7'], notes: ['T1'] });
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

test('a batch that is not done at its first try is handed back with its partition paused, so that the others go on', async () => {
  const { seen, aside, attempt } = groupWith([AWAY, AWAY, DONE]);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(0);
  expect([aside.length, seen.paused, seen.committed]).toEqual([1, 1, []]);
  await jest.advanceTimersByTimeAsync(200);
  await done;
  expect(seen).toMatchObject({ paused: 0, committed: ['7'], resolved: ['6'] });
});

test('a batch that is done at its first try pauses nothing, however slow it is', async () => {
  const write = slow();
  const { aside, attempt } = groupWith([write.outcome]);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS * 50);
  write.answer(DONE);
  await done;
  expect(aside).toEqual([]);
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
  const done = attempt();
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

const rejection = (offset: number, partition = PARTITION): Rejection => {
  return { partition, offset, reason: 'schema', error: 'planted' };
};

test('what is rejected becomes a dead letter with its value, its place and its tries, before its batch is committed', async () => {
  const given: GivenUp[] = [];
  let acknowledge = () => {};
  const giveUp = (one: GivenUp) => {
    given.push(one);
    return new Promise<void>((resolve) => (acknowledge = resolve));
  };
  const rejected = [rejection(6), rejection(6, PARTITION + 1)];
  const { seen, attempt } = groupWith([AWAY, { type: 'done', rejected }], { offsets: ['5', '6'], giveUp });
  const done = attempt();
  await jest.advanceTimersByTimeAsync(100);
  expect(given).toEqual([
    {
      letter: { topic: 't', partition: PARTITION, offset: 6, reason: 'schema', error: 'planted', attempts: 2 },
      record: { offset: 6, key: null, value: Buffer.from('6'), headers: {} },
    },
  ]);
  expect(seen.committed).toEqual([]);
  acknowledge();
  await done;
  expect(seen.committed).toEqual(['7']);
});

test('a dead letter that Kafka does not take is tried until it does, those it took are not sent twice, and nothing is committed before', async () => {
  const sent: number[] = [];
  let refusals = 2;
  const giveUp = async ({ letter }: GivenUp) => {
    sent.push(letter.offset);
    if (letter.offset === 6 && (refusals -= 1) >= 0) throw new Error('no leader');
    expect(seen.committed).toEqual([]);
  };
  const outcome: BatchOutcome = { type: 'done', rejected: [rejection(5), rejection(6)] };
  const { seen, attempt } = groupWith([outcome], { offsets: ['5', '6'], giveUp });
  const done = attempt();
  await jest.advanceTimersByTimeAsync(500);
  await done;
  expect(sent).toEqual([5, 6, 6, 6]);
  expect(seen).toMatchObject({ committed: ['7'], asked: [expect.anything()] });
});

test('a rebalance while a dead letter is not acknowledged leaves its batch uncommitted', async () => {
  const giveUp = () => Promise.reject(new Error('no leader'));
  const { seen, group, attempt } = groupWith([{ type: 'done', rejected: [rejection(5)] }], { giveUp });
  group.beat = rebalancing;
  const done = attempt();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

/** A handler with a bug that some offsets hit, over a batch of a hundred. */
const buggyGroup = (bad: string[], away: () => boolean = () => false) => {
  const offsets = Array.from({ length: 100 }, (_, offset) => String(offset));
  const handled: number[] = [];
  const given: { offset: number; reason: string; error: string; attempts: number }[] = [];
  const askAlone = async ({ records }: LogBatch): Promise<BatchOutcome> => {
    if (away()) return AWAY;
    if (records.some(({ offset }) => bad.includes(String(offset)))) return BUG;
    handled.push(...records.map(({ offset }) => offset));
    return DONE;
  };
  const giveUp = async ({ letter: { offset, reason, error, attempts } }: GivenUp) => {
    given.push({ offset, reason, error, attempts });
  };
  return { handled, given, offsets, ...groupWith([BUG], { offsets, lastOffset: '99', askAlone, giveUp }) };
};

test('a bug that a record hits each time costs a bounded number of tries, then that record alone becomes a dead letter and the others are handled in order', async () => {
  const { seen, handled, given, offsets, attempt } = buggyGroup(['17', '60']);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  const why = { reason: 'handler_error', error: 'TypeError: planted', attempts: TRIES };
  expect(given).toEqual([
    { offset: 17, ...why },
    { offset: 60, ...why },
  ]);
  expect(handled).toEqual(offsets.map(Number).filter((offset) => offset !== 17 && offset !== 60));
  expect(seen.committed).toEqual(['100']);
});

test('while the store is away no try of a failing record is counted, and none becomes a dead letter', async () => {
  let asked = 0;
  const { seen, given, attempt } = buggyGroup(['17'], () => (asked += 1) % 4 !== 0);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(20_000);
  await done;
  expect(given.map(({ offset }) => offset)).toEqual([17]);
  expect(seen.committed).toEqual(['100']);
});

test('a batch that fails only beside those of other partitions is handled alone, and blamed for nothing', async () => {
  const { given, handled, seen, attempt } = buggyGroup([]);
  const done = attempt();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect([given, handled.length, seen.committed]).toEqual([[], 100, ['100']]);
});

test('where nothing may become a dead letter, what fails is tried for as long as it takes', async () => {
  let left = 50;
  const askAlone = async () => ((left -= 1) > 0 ? BUG : DONE);
  const { seen, attempt } = groupWith([BUG], { askAlone, giveUp: undefined });
  const done = attempt();
  await jest.advanceTimersByTimeAsync(20_000);
  await done;
  expect(seen.committed).toEqual(['7']);
});
