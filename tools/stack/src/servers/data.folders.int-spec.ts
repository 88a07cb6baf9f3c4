import { join } from 'node:path';
import { mongodServer } from '../downloads/server.binaries.ts';
import { kafkaProcesses } from '../kafka/kafka.processes.ts';
import type { KafkaNode } from '../kafka/kafka.options.ts';
import { MONGOD_OPTIONS, type MongoNode } from '../mongo/mongod.options.ts';
import { mongodProcesses } from '../mongo/mongod.processes.ts';
import { awaitMongo } from '../mongo/replica.set.ts';
import { idleLifeline } from '../processes/lifeline.ts';
import { freePorts } from '../processes/ports.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const formatted = (node: string, clusterId: string, nodeId: number) =>
  temp.write(`data/${node}/data/meta.properties`, `#\nversion=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\n`);
const nodes = (): KafkaNode[] =>
  [1, 2].map((index) => {
    const id = `kafka-${index}`;
    const ports = {
      port: index,
      controllerPort: index + 2,
      ownHost: '127.0.0.1',
      ownPort: index,
      ownControllerPort: index + 2,
    };
    return { id, ...ports, folder: join(temp.path, 'data', id) };
  });
const processes = () => kafkaProcesses(nodes(), { type: 'program', path: '/nowhere' }, { lifeline: idleLifeline() });

test("a broker's folder of another cluster gives one line with both ids", async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'another', 2);
  await expect(processes()).rejects.toThrow(
    `${nodes()[1]!.folder} belongs to Kafka cluster another, not to this one (mine); ` +
      `remove ${join(temp.path, 'data')} to start anew, or put back the folder that belongs there`,
  );
});

test('a cluster id that was changed gives one line with both ids', async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 2);
  temp.write('data/kafka-1/cluster.id', 'changed');
  await expect(processes()).rejects.toThrow('belongs to Kafka cluster mine, not to this one (changed)');
});

test("a broker's folder of another node gives one line with both numbers", async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 3);
  await expect(processes()).rejects.toThrow(`${nodes()[1]!.folder} belongs to Kafka node 3, not to this one (2)`);
});

test('a cluster id that was lost is read from the data', async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 2);
  expect((await processes()).map(({ name }) => name)).toEqual(['kafka-1', 'kafka-2']);
});

/** Runs the replica set on fresh ports, until `use` has ended. */
const withReplicaSet = async (count: number, use: (set: MongoNode[], supervisor: Supervisor) => Promise<void>) => {
  const ports = await freePorts(count);
  const set = ports.map((port, index) => ({
    id: `mongo-${index + 1}`,
    port,
    ownHost: '127.0.0.1',
    ownPort: port,
    folder: join(temp.path, 'data', `mongo-${index + 1}`),
  }));
  const supervisor = new Supervisor(join(temp.path, 'logs'));
  try {
    const source = await mongodServer(supervisor.lifeline);
    for (const spec of mongodProcesses(set, source, { options: MONGOD_OPTIONS })) supervisor.start(spec);
    await use(set, supervisor);
  } finally {
    await supervisor.stop([set.map(({ id }) => id)]);
  }
};
const isUp = (set: MongoNode[], { lifeline }: Supervisor) =>
  awaitMongo(set, { withinMs: 30_000, signal: lifeline.signal });

test('a replica set starts again on other ports, and one of another size gives one line', async () => {
  await withReplicaSet(1, isUp);
  await withReplicaSet(1, isUp);
  await withReplicaSet(2, async (set, supervisor) => {
    await expect(isUp(set, supervisor)).rejects.toThrow(
      `${set[0]!.folder} belongs to a replica set of 1, not of 2; ` +
        `remove ${join(temp.path, 'data')} to start anew, or start with --mongod 1`,
    );
  });
});
