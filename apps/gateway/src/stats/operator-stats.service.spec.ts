import { jest } from '@jest/globals';
import { busierBy, type BusyName } from '@wiber/contracts';
import {
  ReadsOverloadedError,
  type BusiestReader,
  type ClocksStore,
  type ServersStore,
  type StatsReader,
} from '@wiber/mongo';
import type { FastifyReply } from 'fastify';
import { CountedProgress } from './counted.progress.ts';
import { OperatorStatsController } from './operator-stats.controller.ts';
import { OperatorStatsService } from './operator-stats.service.ts';
import { StatsAnswers } from './stats.answers.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const COUNTED_TO = 500_000 * HOUR + 7 * MINUTE + 100;
const PROGRESS = { at: COUNTED_TO, completeTo: { accepted: COUNTED_TO } };

interface Seen {
  asked: object[];
  looks: number;
  clockLooks: number;
  clocks: object | undefined;
  servers: object | undefined;
  progress: object | undefined;
}

/** The calls over the lists of the partitions. `asked` has the windows that were read, and `looks` how often servers were. */
const callsOver = (lists: () => BusyName[][] | Promise<BusyName[][]>, progress: object | undefined = PROGRESS) => {
  const seen: Seen = { asked: [], looks: 0, clockLooks: 0, clocks: undefined, servers: undefined, progress };
  const stats = {
    progress: async () => seen.progress,
    work: async <T>(piece: () => T) => piece(),
  } as unknown as StatsReader;
  const busiest = {
    lists: async (window: object) => {
      seen.asked.push(window);
      return lists();
    },
  } as unknown as BusiestReader;
  const servers = { read: async () => ((seen.looks += 1), seen.servers) } as unknown as ServersStore;
  const clocks = { read: async () => ((seen.clockLooks += 1), seen.clocks) } as unknown as ClocksStore;
  const answers = new StatsAnswers(stats, new CountedProgress(stats));
  const controller = new OperatorStatsController(new OperatorStatsService(stats, busiest, servers, clocks), answers);
  const sent = (call: (reply: FastifyReply) => Promise<void>) =>
    new Promise<unknown>((resolve, reject) => {
      const reply = { header: () => reply, send: (json: Buffer) => resolve(JSON.parse(json.toString())) };
      call(reply as unknown as FastifyReply).catch(reject);
    });
  return {
    seen,
    busiest: (query: Record<string, string> = {}) => sent((reply) => controller.busiest(query, reply)),
    servers: () => sent((reply) => controller.servers({}, reply)),
    clocks: (query: Record<string, string> = {}) => sent((reply) => controller.clocks(query, reply)),
  };
};

const timed = async (work: () => Promise<void>): Promise<void> => {
  jest.useFakeTimers();
  try {
    await work();
  } finally {
    jest.useRealTimers();
  }
};

test('before a worker has counted, the answers say so and when to ask again', async () => {
  const { busiest, servers, seen } = callsOver(() => []);
  seen.progress = undefined;
  for (const call of [busiest(), servers()])
    await expect(call).rejects.toMatchObject({ code: 'stats_pending', retryAfterS: 1 });
});

test('without a time the last closed window is shown, busiest first over all partitions', async () => {
  const { busiest, seen } = callsOver(() => [
    busierBy([], ['ann:ben', 'ann:cat', 'ann:cat']),
    busierBy([], ['eve:eve']),
  ]);
  const start = COUNTED_TO - 100 - MINUTE;
  expect(await busiest({ limit: '2' })).toEqual({
    step: 'minute',
    start,
    isClosed: true,
    conversations: [
      { users: ['ann', 'cat'], count: 2, error: 0 },
      { users: ['ann', 'ben'], count: 1, error: 0 },
    ],
    unlistedAtMost: 0,
  });
  expect(seen.asked).toMatchObject([{ span: 'minute', start }]);
});

test('a window that is not over is shown as not closed, and a full list says how exact it is', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `ann:user${index}`);
  const { busiest, seen } = callsOver(() => [busierBy([], names)]);
  const shown = await busiest({ step: 'hour', at: String(COUNTED_TO) });
  expect(shown).toMatchObject({ start: 500_000 * HOUR, isClosed: false, unlistedAtMost: 1 });
  expect((shown as { conversations: object[] }).conversations[0]).toMatchObject({ count: 2, error: 1 });
  expect(seen.asked).toMatchObject([{ span: 'hour', start: 500_000 * HOUR }]);
});

test('a thousand calls for the busiest of one window, by any time in it, cost one read until the worker counts again', () =>
  timed(async () => {
    const { busiest, seen } = callsOver(() => [busierBy([], ['ann:ben'])]);
    const calls = (from: number) =>
      Promise.all(Array.from({ length: 1000 }, (_, index) => busiest({ step: 'hour', at: String(from + index) })));
    await calls(500_000 * HOUR);
    await calls(500_000 * HOUR + 1000);
    expect(seen.asked).toHaveLength(1);
    seen.progress = { ...PROGRESS, at: COUNTED_TO + 1000 };
    await jest.advanceTimersByTimeAsync(250);
    await calls(500_000 * HOUR);
    expect(seen.asked).toHaveLength(2);
  }));

test('of a thousand calls for different windows two are read at once and 32 wait; the others are refused at once', async () => {
  const reads: (() => void)[] = [];
  const { busiest } = callsOver(() => new Promise((resolve) => reads.push(() => resolve([]))));
  const all = Array.from({ length: 1000 }, (_, hour) =>
    busiest({ step: 'hour', at: String(hour * HOUR) }).catch((error: Error) => error.name),
  );
  expect(new Set(await Promise.all(all.slice(34)))).toEqual(new Set([ReadsOverloadedError.name]));
  expect(reads).toHaveLength(2);
  for (let ended = 0; ended < 34; ended += 1) {
    expect(reads.length).toBeLessThanOrEqual(ended + 2);
    reads[ended]!();
    expect(await all[ended]).toMatchObject({ conversations: [] });
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test('a thousand calls for the servers cost one read in a quarter of a second, and a look that is not there yet is asked for again', () =>
  timed(async () => {
    const { servers, seen } = callsOver(() => []);
    const calls = () => Promise.all(Array.from({ length: 1000 }, () => servers()));
    await expect(servers()).rejects.toMatchObject({ code: 'stats_pending' });
    seen.servers = { seenAt: 1 };
    expect(new Set((await calls()).map((shown) => JSON.stringify(shown)))).toEqual(new Set(['{"seenAt":1}']));
    seen.servers = { seenAt: 2 };
    await jest.advanceTimersByTimeAsync(249);
    expect(await servers()).toEqual({ seenAt: 1 });
    expect(seen.looks).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(await servers()).toEqual({ seenAt: 2 });
    expect(seen.looks).toBe(3);
  }));

test('the servers are shown also before anything is counted: they may say why', async () => {
  const { servers, seen } = callsOver(() => []);
  seen.progress = undefined;
  seen.servers = { seenAt: 1 };
  expect(await servers()).toEqual({ seenAt: 1 });
});

test('the clocks are shown as the worker saw them, a thousand calls cost one read, and before its first look the answer says so', async () => {
  const { clocks, servers, seen } = callsOver(() => []);
  await expect(clocks()).rejects.toMatchObject({ code: 'stats_pending', retryAfterS: 1 });
  seen.clocks = { seenAt: 2, clocks: [] };
  seen.servers = { seenAt: 1 };
  const calls = await Promise.all(Array.from({ length: 1000 }, () => clocks()));
  expect(new Set(calls.map((shown) => JSON.stringify(shown)))).toEqual(new Set(['{"seenAt":2,"clocks":[]}']));
  expect(seen.clockLooks).toBe(2);
  expect(await servers()).toEqual({ seenAt: 1 });
  await expect(clocks({ limit: '1' })).rejects.toMatchObject({ code: 'invalid_request' });
});
