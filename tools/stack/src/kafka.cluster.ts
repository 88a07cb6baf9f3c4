import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { StackError } from './stack.errors.ts';
import type { ProcessSpec } from './supervisor.ts';

export interface KafkaNode {
  id: string;
  port: number;
  controllerPort: number;
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
    `listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${node.port}`,
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
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'log.retention.ms=-1',
    'num.network.threads=2',
    'num.io.threads=4',
  ].join('\n');
};

const java = (jars: string, main: string, args: string[]): string[] => [
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=4',
  '-Xshare:auto',
  `-Dlog4j2.configurationFile=${join(import.meta.dirname, '..', 'log4j2.properties')}`,
  '-cp',
  `${jars}/*`,
  main,
  ...args,
];

/** Formats what is new, and says how to run each broker (KRaft, broker and controller in one). */
export const kafkaSpecs = (nodes: KafkaNode[], jars: string): ProcessSpec[] => {
  const idFile = join(nodes[0]!.folder, 'cluster.id');
  mkdirSync(nodes[0]!.folder, { recursive: true });
  if (!existsSync(idFile)) writeFileSync(idFile, randomBytes(16).toString('base64url'));
  const clusterId = readFileSync(idFile, 'utf8');
  return nodes.map((node, index) => {
    mkdirSync(node.folder, { recursive: true });
    const file = join(node.folder, 'server.properties');
    writeFileSync(file, config(nodes, index));
    if (!existsSync(join(node.folder, 'data', 'meta.properties'))) {
      const format = spawnSync('java', java(jars, 'kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', file]), {
        encoding: 'utf8',
      });
      if (format.status !== 0)
        throw new StackError(
          `Kafka could not format ${node.folder}: ${(format.stderr || format.stdout).trim().split('\n').at(-1)}`,
        );
    }
    return { name: node.id, command: 'java', args: java(jars, 'kafka.Kafka', [file]) };
  });
};

export interface TopicPlan {
  topic: string;
  partitions: number;
}

/** Waits until all brokers answer, then creates the topics that are missing. */
export const awaitKafka = async (addresses: string[], topics: TopicPlan[], withinMs: number): Promise<void> => {
  const kafka = new Kafka({
    brokers: addresses,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    retry: { retries: 0 },
  });
  const until = Date.now() + withinMs;
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      if (brokers.length < addresses.length) throw new Error(`${brokers.length} of ${addresses.length} brokers are up`);
      const present = new Set(await admin.listTopics());
      const missing = topics.filter(({ topic }) => !present.has(topic));
      if (missing.length > 0) {
        await admin.createTopics({
          waitForLeaders: true,
          topics: missing.map(({ topic, partitions }) => ({
            topic,
            numPartitions: partitions,
            replicationFactor: Math.min(3, addresses.length),
            configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
          })),
        });
      }
      return;
    } catch (error) {
      if (Date.now() > until)
        throw new StackError(
          `Kafka did not come up within ${withinMs / 1000} s (${(error as Error).message}); see its log`,
        );
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
};
