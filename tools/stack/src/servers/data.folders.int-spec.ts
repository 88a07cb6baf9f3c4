import { join } from 'node:path';
import { unbound } from '../processes/child.run.ts';
import { kafkaSpecs, type KafkaNode } from '../kafka/kafka.cluster.ts';
import { awaitMongo, mongoSpecs, type MongoNode } from '../mongo/replica.set.ts';
import { freePorts } from '../processes/ports.ts';
import { mongodServer } from '../downloads/server.binaries.ts';
import { SpecFolder } from '../spec-support/stack.run.ts';
import { Supervisor } from '../processes/supervisor.ts';

let place: SpecFolder;
beforeEach(() => (place = new SpecFolder()));
afterEach(() => place.remove());

const formatted = (node: string, clusterId: string, nodeId: number) =>
  place.write(`data/${node}/data/meta.properties`, `#\nversion=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\n`);
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
    return { id, ...ports, folder: join(place.folder, 'data', id) };
  });
const specs = () => kafkaSpecs(nodes(), { type: 'program', path: '/nowhere' }, unbound());

test("a broker's folder of another cluster is one line with both ids", async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'another', 2);
  await expect(specs()).rejects.toThrow(
    `${nodes()[1]!.folder} is of Kafka cluster another, this one is mine; ` +
      `remove ${join(place.folder, 'data')} to start anew, or put back the folder that belongs there`,
  );
});

test('a cluster id that was changed is one line with both ids', async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 2);
  place.write('data/kafka-1/cluster.id', 'changed');
  await expect(specs()).rejects.toThrow('is of Kafka cluster mine, this one is changed');
});

test("a broker's folder of another node is one line with both numbers", async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 3);
  await expect(specs()).rejects.toThrow(`${nodes()[1]!.folder} is of Kafka node 3, this one is 2`);
});

test('a cluster id that was lost is taken from the data', async () => {
  formatted('kafka-1', 'mine', 1);
  formatted('kafka-2', 'mine', 2);
  expect((await specs()).map(({ name }) => name)).toEqual(['kafka-1', 'kafka-2']);
});

/** Runs the set on fresh ports until `use` is done with it. */
const withSet = async (count: number, use: (set: MongoNode[], supervisor: Supervisor) => Promise<void>) => {
  const ports = await freePorts(count);
  const set = ports.map((port, index) => ({
    id: `mongo-${index + 1}`,
    port,
    ownHost: '127.0.0.1',
    ownPort: port,
    folder: join(place.folder, 'data', `mongo-${index + 1}`),
  }));
  const supervisor = new Supervisor(join(place.folder, 'logs'));
  try {
    for (const spec of mongoSpecs(set, await mongodServer(supervisor.lifeline))) supervisor.start(spec);
    await use(set, supervisor);
  } finally {
    await supervisor.stop([set.map(({ id }) => id)]);
  }
};
const isUp = (set: MongoNode[], { lifeline }: Supervisor) => awaitMongo(set, 30_000, lifeline.signal);

test('a replica set comes up again on other ports, and one of another size is one line', async () => {
  await withSet(1, isUp);
  await withSet(1, isUp);
  await withSet(2, async (set, supervisor) => {
    await expect(isUp(set, supervisor)).rejects.toThrow(
      `${set[0]!.folder} is of a replica set of 1, this one has 2; ` +
        `remove ${join(place.folder, 'data')} to start anew, or start with --mongod 1`,
    );
  });
});
