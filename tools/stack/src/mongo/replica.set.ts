import { join } from 'node:path';
import mongoose from 'mongoose';
import { APP_USER, ROOT_USER, type ServerSecrets } from '../security/server.secrets.ts';
import { memberLogin } from './mongod.security.ts';
import { retryUntilReady } from '../processes/ready.wait.ts';
import { StackError } from '../stack.errors.ts';
import { REPLICA_SET, type MongoNode } from './mongod.options.ts';

export const mongoUri = (nodes: MongoNode[]): string =>
  `mongodb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}/?replicaSet=${REPLICA_SET}`;

interface SetConfig {
  _id: string;
  version: number;
  members: { _id: number; host: string }[];
}

/** Short: the next attempt comes at once. */
const SELECTION_MS = 500;
/** For a primary that is known to be there. */
const PRIMARY_MS = 5000;

type Client = InstanceType<typeof mongoose.mongo.MongoClient>;

/** Initiates a new set. When the ports of an old set have changed, its members get the new addresses. */
const configure = async (client: Client, nodes: MongoNode[]): Promise<void> => {
  const admin = client.db('admin');
  const members = nodes.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
  const stored = await client.db('local').collection<SetConfig>('system.replset').findOne({ _id: REPLICA_SET });
  if (!stored) {
    const settings = { electionTimeoutMillis: 5000 };
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members, settings } });
    return;
  }
  if (stored.members.length !== members.length)
    throw new StackError(
      `${nodes[0]!.folder} belongs to a replica set of ${stored.members.length}, not of ${members.length}; ` +
        `remove ${join(nodes[0]!.folder, '..')} to start anew, or start with --mongod ${stored.members.length}`,
    );
  const moved = members.some(({ host }, index) => host !== stored.members[index]!.host);
  if (!moved) return;
  const kept = stored.members.map((member, index) => ({ ...member, host: members[index]!.host }));
  await admin.command({
    replSetReconfig: { ...stored, members: kept, version: stored.version + 1 },
    // On its old addresses the set has no primary that could accept the change.
    force: true,
  });
};

/** @throws the reason why there is no primary yet */
const requirePrimary = async (nodes: MongoNode[], secrets: ServerSecrets | undefined): Promise<void> => {
  const { MongoClient } = mongoose.mongo;
  const uri = `mongodb://127.0.0.1:${nodes[0]!.port}/?directConnection=true`;
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: SELECTION_MS, ...memberLogin(secrets) });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (!hello['setName'] && !hello['isreplicaset']) throw new Error('not a replica set');
    if (!hello['primary'] || (hello['hosts'] as string[]).length !== nodes.length) await configure(client, nodes);
    if (!hello['primary']) throw new Error('no primary yet');
  } finally {
    await client.close().catch(() => undefined);
  }
};

/** What the apps need (docs/guarantees.md), and all for programs that break servers on purpose. */
const ROLES = {
  [APP_USER]: ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor'],
  [ROOT_USER]: ['root'],
} as const;

/** Makes the users that are missing. A set that was made with other secrets gets their passwords. */
const makeUsers = async (nodes: MongoNode[], secrets: ServerSecrets): Promise<void> => {
  const { MongoClient } = mongoose.mongo;
  const client = new MongoClient(mongoUri(nodes), { serverSelectionTimeoutMS: PRIMARY_MS, ...memberLogin(secrets) });
  try {
    const admin = client.db('admin');
    for (const user of [APP_USER, ROOT_USER] as const) {
      const { users } = (await admin.command({ usersInfo: user })) as unknown as { users: object[] };
      const call = users.length === 0 ? { createUser: user } : { updateUser: user };
      await admin.command({ ...call, pwd: secrets.passwords[user], roles: ROLES[user] });
    }
  } finally {
    await client.close().catch(() => undefined);
  }
};

export interface MongoWait {
  withinMs: number;
  signal: AbortSignal;
  /** How the stack logs in, and the users to make; undefined for servers that ask for no login. */
  secrets?: ServerSecrets | undefined;
}

/** Initiates the replica set when it is new, and waits for its primary. */
export const awaitMongo = (nodes: MongoNode[], { withinMs, signal, secrets }: MongoWait): Promise<void> =>
  retryUntilReady({
    server: 'MongoDB',
    noAnswer: 'mongod does not answer yet',
    attempt: async () => {
      await requirePrimary(nodes, secrets);
      if (secrets) await makeUsers(nodes, secrets);
    },
    withinMs,
    signal,
  });
