import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { StackError } from './stack.errors.ts';
import type { ProcessSpec } from './supervisor.ts';

export interface MongoNode {
  id: string;
  port: number;
  folder: string;
}

const SET = 'wiber';

export const mongoUri = (nodes: MongoNode[]): string =>
  `mongodb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}/?replicaSet=${SET}`;

export const mongoSpecs = (nodes: MongoNode[], binary: string): ProcessSpec[] =>
  nodes.map(({ id, port, folder }) => {
    mkdirSync(join(folder, 'data'), { recursive: true });
    const args = ['--replSet', SET, '--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', join(folder, 'data')];
    return {
      name: id,
      command: binary,
      args: [...args, '--wiredTigerCacheSizeGB', '1', '--oplogSize', '512', '--nounixsocket'],
    };
  });

/** Makes the replica set when it is new, and waits for its primary. */
export const awaitMongo = async (nodes: MongoNode[], withinMs: number): Promise<void> => {
  const until = Date.now() + withinMs;
  const { MongoClient } = mongoose.mongo;
  const members = nodes.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
  for (;;) {
    const client = new MongoClient(`mongodb://127.0.0.1:${nodes[0]!.port}/?directConnection=true`, {
      serverSelectionTimeoutMS: 500,
    });
    try {
      const admin = client.db('admin');
      const hello = await admin.command({ hello: 1 });
      if (!hello['setName'] && !hello['isreplicaset']) throw new Error('not a replica set');
      if (hello['isreplicaset']) {
        const settings = { electionTimeoutMillis: 5000 };
        await admin.command({ replSetInitiate: { _id: SET, members, settings } });
      }
      if (hello['primary']) return;
      throw new Error('no primary yet');
    } catch (error) {
      if (Date.now() > until)
        throw new StackError(
          `MongoDB did not come up within ${withinMs / 1000} s (${(error as Error).message}); see its log`,
        );
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.close().catch(() => undefined);
    }
  }
};
