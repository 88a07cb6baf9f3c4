import { join } from 'node:path';
import mongoose from 'mongoose';
import { mongodServer } from '../downloads/server.binaries.ts';
import { freePorts } from '../processes/ports.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { MONGOD_OPTIONS } from './mongod.options.ts';
import { mongodProcesses } from './mongod.processes.ts';
import { awaitMongo } from './replica.set.ts';

test('a real mongod accepts the eviction settings and has the cache that was asked for', async () => {
  const temp = new TempFolder();
  const [port = 0] = await freePorts(1);
  const node = { id: 'mongo-1', port, ownHost: '127.0.0.1', ownPort: port, folder: join(temp.path, 'mongo-1') };
  const supervisor = new Supervisor(join(temp.path, 'logs'));
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const eviction = {
      threadsMin: 5,
      threadsMax: 7,
      dirtyTarget: 41,
      dirtyTrigger: 75,
      updatesTarget: 31,
      updatesTrigger: 61,
    };
    const source = await mongodServer(supervisor.lifeline);
    const options = { ...MONGOD_OPTIONS, cacheGb: 0.25, eviction };
    for (const spec of mongodProcesses([node], source, { options })) supervisor.start(spec);
    await supervisor.awaitUp(['mongo-1'], awaitMongo([node], { withinMs: 60_000, signal: supervisor.lifeline.signal }));
    const { wiredTiger } = await client.db('admin').command({ serverStatus: 1 });
    const { cache } = wiredTiger as { cache: Record<string, number> };
    expect(cache['maximum bytes configured']).toBe(256 * 1024 ** 2);
  } finally {
    await client.close();
    await supervisor.stop([['mongo-1']]);
    temp.remove();
  }
});
