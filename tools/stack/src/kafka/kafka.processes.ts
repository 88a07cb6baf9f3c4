import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { runChild, type Lifeline } from '../processes/child.run.ts';
import { containerCommand, containerName } from '../downloads/docker.engine.ts';
import { CALM_MS, withProgress } from '../downloads/progress.line.ts';
import type { ServerSource } from '../downloads/server.binaries.ts';
import { StackError } from '../stack.errors.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';

export interface KafkaNode {
  id: string;
  /** Where others find it; with links, ports that lead to its own. */
  port: number;
  controllerPort: number;
  ownHost: string;
  ownPort: number;
  ownControllerPort: number;
  folder: string;
}

const config = (nodes: KafkaNode[], index: number): string => {
  const node = nodes[index]!;
  const replicas = Math.min(3, nodes.length);
  const minInSync = nodes.length >= 3 ? 2 : 1;
  return [
    'process.roles=broker,controller',
    `node.id=${index + 1}`,
    `controller.quorum.voters=${nodes.map(({ controllerPort }, voter) => `${voter + 1}@127.0.0.1:${controllerPort}`).join(',')}`,
    `listeners=PLAINTEXT://${node.ownHost}:${node.ownPort},CONTROLLER://${node.ownHost}:${node.ownControllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${join(node.folder, 'data')}`,
    'auto.create.topics.enable=false',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${minInSync}`,
    'offsets.topic.num.partitions=6',
    `offsets.topic.replication.factor=${replicas}`,
    'transaction.state.log.num.partitions=3',
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${minInSync}`,
    'share.coordinator.state.topic.num.partitions=1',
    `share.coordinator.state.topic.replication.factor=${replicas}`,
    `share.coordinator.state.topic.min.isr=${minInSync}`,
    // Told to end, a broker would wait up to 5 minutes to be let go by a quorum of controllers, and where all end together
    // the last have none. So none waits: one that ends alone is missed after its session of 9 s, as after a kill.
    'controlled.shutdown.enable=false',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'log.retention.ms=-1',
    'num.network.threads=2',
    'num.io.threads=4',
  ].join('\n');
};

const java = (node: KafkaNode, jars: string, [main = '', ...args]: string[]): string[] => [
  'java',
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=4',
  '-Xshare:auto',
  // A broker without memory answers nobody and holds its leaderships: ended, it is started again.
  '-XX:+ExitOnOutOfMemoryError',
  `-XX:ErrorFile=${join(node.folder, 'java-crash.log')}`,
  `-Dlog4j2.configurationFile=${join(node.folder, 'log4j2.properties')}`,
  '-cp',
  `${jars}/*`,
  main,
  ...args,
];

const IMAGE_JARS = '/opt/kafka/libs';

const commandOf = (node: KafkaNode, source: ServerSource, call: string[]): string[] => {
  if (source.type === 'program') return java(node, source.path, call);
  const name = containerName(node.folder, call.length > 2 ? `${node.id}-format` : node.id);
  return containerCommand({ ...source, name, folders: [node.folder], command: java(node, IMAGE_JARS, call) });
};

const propertiesOf = (file: string): Map<string, string> =>
  new Map(
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );

const metaOf = (node: KafkaNode): Map<string, string> => propertiesOf(join(node.folder, 'data', 'meta.properties'));

/**
 * A random id as Kafka makes its own: never with a hyphen first, which its command line would take for an option, in one
 * start of 64. Source: org.apache.kafka.common.Uuid.randomUuid.
 */
export const newClusterId = (random: (size: number) => Buffer = randomBytes): string => {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
};

/** The id that this cluster's data has: the one kept beside the first node, else what a node was formatted with. */
const clusterIdOf = (nodes: KafkaNode[]): string => {
  const file = join(nodes[0]!.folder, 'cluster.id');
  const formatted = nodes.map((node) => metaOf(node).get('cluster.id')).find((id) => id !== undefined);
  if (!existsSync(file)) writeFileSync(file, formatted ?? newClusterId());
  return readFileSync(file, 'utf8').trim();
};

/** @throws StackError when a folder holds what another cluster or another node wrote */
const requireOwnData = (node: KafkaNode, index: number, clusterId: string): boolean => {
  const meta = metaOf(node);
  if (meta.size === 0) return false;
  const mend = `remove ${join(node.folder, '..')} to start anew, or put back the folder that belongs there`;
  const [otherCluster, otherNode] = [meta.get('cluster.id'), meta.get('node.id')];
  if (otherCluster !== clusterId)
    throw new StackError(`${node.folder} is of Kafka cluster ${otherCluster}, this one is ${clusterId}; ${mend}`);
  if (otherNode !== String(index + 1))
    throw new StackError(`${node.folder} is of Kafka node ${otherNode}, this one is ${index + 1}; ${mend}`);
  return true;
};

/** Formats what is new, and says how to run each broker (KRaft, broker and controller in one). */
export const kafkaSpecs = async (
  nodes: KafkaNode[],
  source: ServerSource,
  lifeline: Lifeline,
): Promise<ProcessSpec[]> => {
  for (const { folder } of nodes) mkdirSync(folder, { recursive: true });
  const clusterId = clusterIdOf(nodes);
  const formatted = nodes.map((node, index) => requireOwnData(node, index, clusterId));
  const specs = nodes.map(async (node, index): Promise<ProcessSpec> => {
    const file = join(node.folder, 'server.properties');
    writeFileSync(file, config(nodes, index));
    copyFileSync(join(import.meta.dirname, '..', '..', 'log4j2.properties'), join(node.folder, 'log4j2.properties'));
    if (!formatted[index]) {
      const call = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
      const { ok, output } = await runChild(commandOf(node, source, call), lifeline);
      if (!ok) throw new StackError(`Kafka could not format ${node.folder}: ${output.split('\n').at(-1)}`);
    }
    const [command = '', ...args] = commandOf(node, source, ['kafka.Kafka', file]);
    const container = source.type === 'image' ? containerName(node.folder, node.id) : undefined;
    return { name: node.id, command, args, container };
  });
  return withProgress({ label: 'Kafka', state: () => 'formatting its data folders', everyMs: CALM_MS }, () =>
    Promise.all(specs),
  );
};

export interface TopicPlan {
  topic: string;
  partitions: number;
}

export interface KafkaWait {
  addresses: string[];
  topics: TopicPlan[];
  withinMs: number;
  signal: AbortSignal;
}

/** Waits until all brokers answer, then creates the topics that are missing. */
export const awaitKafka = async ({ addresses, topics, withinMs, signal }: KafkaWait): Promise<void> => {
  const kafka = new Kafka({
    brokers: addresses,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    retry: { retries: 0 },
  });
  const until = Date.now() + withinMs;
  let last = 'starting';
  const attempts = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await createMissing(kafka, addresses, topics);
      } catch (error) {
        const { message } = error as Error;
        last = /ECONNREFUSED/.test(message) ? 'no broker answers yet' : message;
        if (Date.now() > until)
          throw new StackError(`Kafka did not come up within ${withinMs / 1000} s (${last}); see .wiber/logs`);
        await setTimeout(100, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return withProgress({ label: 'waiting for Kafka', state: () => last, everyMs: CALM_MS }, attempts);
};

/** Records are kept plain, however a producer sent them: the apps read no codec but gzip. */
const TOPIC_CONFIG = [
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: 'compression.type', value: 'uncompressed' },
];

const createMissing = async (kafka: Kafka, addresses: string[], topics: TopicPlan[]): Promise<void> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length < addresses.length) throw new Error(`${brokers.length} of ${addresses.length} brokers are up`);
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => !present.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ topic, partitions }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: Math.min(3, addresses.length),
        configEntries: TOPIC_CONFIG,
      })),
    });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
