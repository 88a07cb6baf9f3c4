import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineConfig, MONGOD_OPTIONS, mongodArgs, type MongoNode } from './mongod.options.ts';

const node: MongoNode = { id: 'mongo-1', port: 1, ownHost: '127.0.0.1', ownPort: 2, folder: '/data/mongo-1' };
const eviction = {
  threadsMin: 4,
  threadsMax: 8,
  dirtyTarget: 40,
  dirtyTrigger: 75,
  updatesTarget: 30,
  updatesTrigger: 60,
};

test('by default a mongod has a cache of 1 GB and lets many changes of a page share a write', () => {
  expect(mongodArgs(node, MONGOD_OPTIONS).join(' ')).toBe(
    '--replSet wiber --port 2 --bind_ip 127.0.0.1 --dbpath /data/mongo-1/data --wiredTigerCacheSizeGB 1 ' +
      `--wiredTigerEngineConfigString ${engineConfig(eviction)} ` +
      '--oplogSize 512 --nounixsocket --setParameter shutdownTimeoutMillisForSignaledShutdown=500',
  );
});

test('eviction settings are passed to WiredTiger in its own form', () => {
  expect(engineConfig(eviction)).toBe(
    'eviction=(threads_min=4,threads_max=8),eviction_dirty_target=40,eviction_dirty_trigger=75,' +
      'eviction_updates_target=30,eviction_updates_trigger=60',
  );
  const args = mongodArgs(node, { ...MONGOD_OPTIONS, cacheGb: 0.25, eviction });
  expect(args[args.indexOf('--wiredTigerCacheSizeGB') + 1]).toBe('0.25');
  expect(args[args.indexOf('--wiredTigerEngineConfigString') + 1]).toBe(engineConfig(eviction));
});

test('a mongod on a small disk makes checkpoints more often', () => {
  const args = mongodArgs({ ...node, smallDisk: true }, MONGOD_OPTIONS);
  expect(args[args.indexOf('--syncdelay') + 1]).toBe('5');
});

test.each(['compose.yaml', 'compose.cluster.yaml'])('%s starts mongod with the same eviction settings', (file) => {
  const compose = readFileSync(join(import.meta.dirname, '../../../../docker', file), 'utf8');
  expect(compose).toContain(engineConfig(MONGOD_OPTIONS.eviction!));
});
