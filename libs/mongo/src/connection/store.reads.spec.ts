import { jest } from '@jest/globals';
import type { Connection, mongo } from 'mongoose';
import pLimit from 'p-limit';
import { delay } from '@wiber/resilience';
import { CausalTime } from './causal.time.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import { StoreConnection } from './store.connection.ts';
import { POOLS } from './store.pools.ts';
import { StoreReads } from './store.reads.ts';

const settings = {
  uri: 'mongodb://unused',
  database: 'd',
  collection: 'messages',
  serverSelectionMs: 1000,
  readPatienceMs: 300,
  appName: 'spec',
};

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

/** A MongoDB that answers each command after `answerMs`, on as many connections as the main pool has, like the driver. */
const healthy = (answerMs: number) => {
  const pool = pLimit(POOLS.main);
  const waiting: number[] = [];
  const command = () => {
    waiting.push(pool.pendingCount);
    return pool(async () => {
      await delay(answerMs);
      return { ok: 1 };
    });
  };
  const connection = { db: { command } } as unknown as Connection;
  const main = new StoreConnection({ connection, settings, pool: 'main', onAnswer: () => undefined });
  const reads = new StoreReads({ settings, main, costly: main, time: new CausalTime(), onBreakerChange: undefined });
  return { reads, waiting };
};

test('reads that wait for a connection do not say that MongoDB is away: each is answered, or told at its time to come again', async () => {
  const { reads, waiting } = healthy(100);
  const answers = Promise.all(
    Array.from({ length: POOLS.main * 20 }, () =>
      reads.run({ find: 'messages' }, { withinMs: 300 }).then(
        () => 'answered',
        (error: unknown) => error,
      ),
    ),
  );
  await jest.advanceTimersByTimeAsync(2000);
  const told = await answers;
  expect(told.filter((one) => one === 'answered').length).toBeGreaterThanOrEqual(POOLS.main * 2);
  const late = told.filter((one) => one !== 'answered');
  expect(late.length).toBeGreaterThan(POOLS.main);
  for (const error of late) expect(error).toBeInstanceOf(StoreUnavailableError);
  // None waited in the driver's queue.
  expect(Math.max(...waiting)).toBe(0);
  expect(reads.breaker.breaker).toMatchObject({ state: 'closed', openings: 0 });
});

test('the newest state is read from the primary, as a majority has it, whatever the settings say; other reads follow the settings', async () => {
  const asked: unknown[] = [];
  const command = async ({ readConcern }: mongo.Document, { readPreference }: { readPreference: { mode: string } }) => {
    asked.push([readPreference.mode, readConcern]);
    return { ok: 1 };
  };
  const connection = { db: { command } } as unknown as Connection;
  const weak = { ...settings, readConcern: 'local', readPreference: { mode: 'secondary', tags: { a: 'b' } } } as const;
  const main = new StoreConnection({ connection, settings: weak, pool: 'main', onAnswer: () => undefined });
  const ports = { settings: weak, main, costly: main, time: new CausalTime(), onBreakerChange: undefined };
  const reads = new StoreReads(ports);
  await reads.run({ find: 'messages' }, { withinMs: 300 });
  await reads.runNewest({ find: 'messages' }, { withinMs: 300 });
  expect(asked).toEqual([
    ['secondary', { level: 'local' }],
    ['primaryPreferred', { level: 'majority' }],
  ]);
});
