import { register } from 'prom-client';
import type { ServersDto } from '@wiber/contracts';
import { ServersMetrics } from './servers.metrics.ts';

const SEEN: ServersDto = {
  seenAt: 1,
  term: 1,
  brokers: { total: 3, brokers: [] },
  replicaSet: {
    name: 'rs0',
    members: [
      { member: 'a:1', state: 'PRIMARY', isHealthy: true, lagMs: 0 },
      { member: 'b:1', state: '(not reachable/healthy)', isHealthy: false },
    ],
  },
  collections: [
    { collection: 'messages', documents: 1, bytes: 9, storedBytes: 4, indexes: [{ index: 'one', bytes: 2 }] },
  ],
  storeDisk: { bytes: 100, freeBytes: 40 },
  log: {
    brokers: [
      { broker: 1, bytes: 7, diskBytes: 50, diskFreeBytes: 20 },
      { broker: 2, bytes: 8 },
    ],
    partitions: [],
  },
  unknown: [{ part: 'group', reason: 'refused' }],
};

const shown = async (): Promise<string[]> =>
  (await register.metrics()).split('\n').filter((line) => line.startsWith('wiber_stats_'));

test('the leader shows what it saw, and nothing of what is unknown; a worker that leads no more shows nothing', async () => {
  let isLeading = true;
  const metrics = new ServersMetrics();
  expect(await shown()).toEqual([]);
  metrics.show(SEEN, () => isLeading);
  const lines = await shown();
  expect(lines.toSorted()).toEqual([
    'wiber_stats_broker_disk_free_bytes{broker="1"} 20',
    'wiber_stats_broker_disk_size_bytes{broker="1"} 50',
    'wiber_stats_brokers 3',
    'wiber_stats_log_bytes{broker="1"} 7',
    'wiber_stats_log_bytes{broker="2"} 8',
    'wiber_stats_store_bytes{collection="messages",part="documents"} 4',
    'wiber_stats_store_bytes{collection="messages",part="indexes"} 2',
    'wiber_stats_store_disk_free_bytes 40',
    'wiber_stats_store_disk_size_bytes 100',
    'wiber_stats_store_member_healthy{member="a:1"} 1',
    'wiber_stats_store_member_healthy{member="b:1"} 0',
    'wiber_stats_store_member_lag_seconds{member="a:1"} 0',
    'wiber_stats_unknown_parts{part="group"} 1',
  ]);
  metrics.show({ ...SEEN, replicaSet: { name: 'rs0', members: [] } }, () => isLeading);
  expect((await shown()).join()).not.toContain('a:1');
  isLeading = false;
  expect(await shown()).toEqual([]);
});
