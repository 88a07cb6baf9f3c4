import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import mongoose from 'mongoose';
import { containerCommand, containerName } from '../downloads/docker.engine.ts';
import { CALM_MS, withProgress } from '../downloads/progress.line.ts';
import type { ServerSource } from '../downloads/server.binaries.ts';
import { StackError } from '../stack.errors.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';

export interface MongoNode {
  id: string;
  /** Where others find it; with links, a port that leads to its own. */
  port: number;
  ownHost: string;
  ownPort: number;
  folder: string;
  /** On a disk that can be full: found out at a checkpoint, so these are made more often than once a minute. */
  smallDisk?: boolean;
}

const SET = 'wiber';

export const mongoUri = (nodes: MongoNode[]): string =>
  `mongodb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}/?replicaSet=${SET}`;

export const mongoSpecs = (nodes: MongoNode[], source: ServerSource): ProcessSpec[] =>
  nodes.map((node) => {
    const data = join(node.folder, 'data');
    mkdirSync(data, { recursive: true });
    const mongod = [
      ...[source.type === 'program' ? source.path : 'mongod', '--replSet', SET, '--port', String(node.ownPort)],
      ...['--bind_ip', node.ownHost, '--dbpath', data, '--wiredTigerCacheSizeGB', '1', '--oplogSize', '512'],
      // Told to end, a member answers its clients for 15 s more, so that routers may find another: here all end together.
      ...(node.smallDisk ? ['--syncdelay', '5'] : []),
      ...['--nounixsocket', '--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=500'],
    ];
    const container = source.type === 'image' ? containerName(node.folder, node.id) : undefined;
    const [command = '', ...args] =
      source.type === 'program' || !container
        ? mongod
        : containerCommand({ ...source, name: container, folders: [node.folder], command: mongod });
    return { name: node.id, command, args, container };
  });

interface SetConfig {
  _id: string;
  version: number;
  members: { _id: number; host: string }[];
}

type Client = InstanceType<typeof mongoose.mongo.MongoClient>;

/** A new set is made; one whose ports have changed since is told its new addresses. */
const configure = async (client: Client, nodes: MongoNode[]): Promise<void> => {
  const admin = client.db('admin');
  const members = nodes.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
  const stored = await client.db('local').collection<SetConfig>('system.replset').findOne({ _id: SET });
  if (!stored) {
    const settings = { electionTimeoutMillis: 5000 };
    await admin.command({ replSetInitiate: { _id: SET, members, settings } });
    return;
  }
  if (stored.members.length !== members.length)
    throw new StackError(
      `${nodes[0]!.folder} is of a replica set of ${stored.members.length}, this one has ${members.length}; ` +
        `remove ${join(nodes[0]!.folder, '..')} to start anew, or start with --mongod ${stored.members.length}`,
    );
  const moved = members.some(({ host }, index) => host !== stored.members[index]!.host);
  if (!moved) return;
  const kept = stored.members.map((member, index) => ({ ...member, host: members[index]!.host }));
  await admin.command({
    replSetReconfig: { ...stored, members: kept, version: stored.version + 1 },
    force: true,
  });
};

/** @throws whatever says why there is no primary yet */
const askForPrimary = async (nodes: MongoNode[]): Promise<void> => {
  const { MongoClient } = mongoose.mongo;
  const uri = `mongodb://127.0.0.1:${nodes[0]!.port}/?directConnection=true`;
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500 });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (!hello['setName'] && !hello['isreplicaset']) throw new Error('not a replica set');
    if (!hello['primary'] || (hello['hosts'] as string[]).length !== nodes.length) await configure(client, nodes);
    if (!hello['primary']) throw new Error('no primary yet');
  } finally {
    await client.close().catch(() => undefined);
  }
};

/** Makes the replica set when it is new, and waits for its primary. */
export const awaitMongo = async (nodes: MongoNode[], withinMs: number, signal: AbortSignal): Promise<void> => {
  const until = Date.now() + withinMs;
  let last = 'starting';
  const attempts = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await askForPrimary(nodes);
      } catch (error) {
        if (error instanceof StackError) throw error;
        const { message } = error as Error;
        last = /ECONNREFUSED/.test(message) ? 'mongod does not answer yet' : message;
        if (Date.now() > until)
          throw new StackError(`MongoDB did not come up within ${withinMs / 1000} s (${last}); see .wiber/logs`);
        await setTimeout(100, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return withProgress({ label: 'waiting for MongoDB', state: () => last, everyMs: CALM_MS }, attempts);
};
