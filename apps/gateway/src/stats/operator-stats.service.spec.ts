import { busierBy, type BusyName } from '@wiber/contracts';
import type { BusiestReader, ServersStore, StatsReader } from '@wiber/mongo';
import { OperatorStatsService } from './operator-stats.service.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const COUNTED_TO = 500_000 * HOUR + 7 * MINUTE + 100;

/** A service over the lists of the partitions. `asked` has the windows that were read. */
const serviceWith = (lists: BusyName[][], progress: object | undefined = { completeTo: { accepted: COUNTED_TO } }) => {
  const asked: object[] = [];
  const stats = { progress: async () => progress } as unknown as StatsReader;
  const busiest = {
    lists: async (window: object) => {
      asked.push(window);
      return lists;
    },
  } as unknown as BusiestReader;
  const servers = { read: async () => undefined } as unknown as ServersStore;
  return { asked, service: new OperatorStatsService(stats, busiest, servers) };
};

const query = (given: object = {}) => ({ step: 'minute', at: undefined, limit: 10, ...given }) as const;

test('before a worker has counted, the answers say so and when to ask again', async () => {
  const stats = { progress: async () => undefined } as unknown as StatsReader;
  const servers = { read: async () => undefined } as unknown as ServersStore;
  const service = new OperatorStatsService(stats, {} as BusiestReader, servers);
  for (const call of [service.conversations(query()), service.seen()])
    await expect(call).rejects.toMatchObject({ code: 'stats_pending', retryAfterS: 1 });
});

test('without a time the last closed window is shown, busiest first over all partitions', async () => {
  const { service, asked } = serviceWith([busierBy([], ['ann:ben', 'ann:cat', 'ann:cat']), busierBy([], ['eve:eve'])]);
  const start = COUNTED_TO - 100 - MINUTE;
  expect(await service.conversations(query({ limit: 2 }))).toEqual({
    step: 'minute',
    start,
    isClosed: true,
    conversations: [
      { users: ['ann', 'cat'], count: 2, error: 0 },
      { users: ['ann', 'ben'], count: 1, error: 0 },
    ],
    unlistedAtMost: 0,
  });
  expect(asked).toMatchObject([{ span: 'minute', start }]);
});

test('a window that is not over is shown as not closed, and a full list says how exact it is', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `ann:user${index}`);
  const { service, asked } = serviceWith([busierBy([], names)]);
  const shown = await service.conversations(query({ step: 'hour', at: COUNTED_TO }));
  expect(shown).toMatchObject({ start: 500_000 * HOUR, isClosed: false, unlistedAtMost: 1 });
  expect(shown.conversations[0]).toMatchObject({ count: 2, error: 1 });
  expect(asked).toMatchObject([{ span: 'hour', start: 500_000 * HOUR }]);
});
