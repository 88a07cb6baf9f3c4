import { OPEN_LISTENERS, type Listeners } from './kafka.listeners.ts';

export interface KafkaNode {
  id: string;
  /** The ports that clients and other brokers use. With `--links` these are ports of proxies. */
  port: number;
  controllerPort: number;
  /** Where the broker itself listens. */
  ownHost: string;
  ownPort: number;
  ownControllerPort: number;
  folder: string;
}

/** With one or two brokers each partition has as many copies as there are brokers. */
export const replicasOf = (brokers: number): number => Math.min(3, brokers);

/**
 * How soon a cluster goes on without a broker that hangs or is cut off. A single broker has nobody to go on with: it keeps
 * Kafka's own times, so that a slow machine does not fence it. docs/decisions/0014 has the reasons and the price.
 */
const FAILOVER = [
  // A broker is fenced after this time without a heartbeat: its partitions get other leaders, and no leader waits for its
  // copies any more. Until then every partition with a copy there acknowledges nothing. Kafka's own: 9 s, a beat each 2 s.
  'broker.session.timeout.ms=2500',
  'broker.heartbeat.interval.ms=500',
  // A follower that reaches the controllers but not its leader leaves the in-sync replicas after 1 to 1.5 times this. 30 s.
  'replica.lag.time.max.ms=3000',
];

/** The settings of one broker, which is broker and controller in one process (KRaft). */
export const serverProperties = (nodes: KafkaNode[], index: number, listeners: Listeners = OPEN_LISTENERS): string => {
  const node = nodes[index]!;
  const replicas = replicasOf(nodes.length);
  const minInSync = nodes.length >= 3 ? 2 : 1;
  return [
    'process.roles=broker,controller',
    `node.id=${index + 1}`,
    `controller.quorum.voters=${nodes.map(({ controllerPort }, voter) => `${voter + 1}@127.0.0.1:${controllerPort}`).join(',')}`,
    `listeners=${listeners.name}://${node.ownHost}:${node.ownPort},CONTROLLER://${node.ownHost}:${node.ownControllerPort}`,
    `advertised.listeners=${listeners.name}://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    ...listeners.properties,
    'controller.listener.names=CONTROLLER',
    `inter.broker.listener.name=${listeners.name}`,
    // Below the folder in which the broker runs. A whole path would be split at its commas, and read as Latin-1.
    'log.dirs=data',
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
    // A controlled shutdown asks the controllers and waits up to 5 minutes for them. When all brokers end together, the last
    // ones have no quorum to ask. Without it, a broker that ends alone is missed after its session, as after a kill. A single
    // broker asks itself: it signs off, and its next start need not wait for the end of the old session, 9 s.
    `controlled.shutdown.enable=${nodes.length === 1}`,
    ...(nodes.length >= 3 ? FAILOVER : []),
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // The log is kept for ever.
    'log.retention.ms=-1',
    'num.network.threads=2',
    'num.io.threads=4',
  ].join('\n');
};

/** The program `java`, and the folder of Kafka's jars. */
export interface KafkaJava {
  java: string;
  jars: string;
  /** The first compiler of Java alone: for what ends before the second one, C2, has paid off. */
  isQuick: boolean;
}

/**
 * A Java command that runs a main class of Kafka, in the folder of the node. Its files have no path: Java would read a
 * comma, a percent sign or a space in it as something else.
 */
export const javaCommand = ({ java, jars, isQuick }: KafkaJava, [main = '', ...args]: string[]): string[] => [
  java,
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  `-XX:TieredStopAtLevel=${isQuick ? 1 : 4}`,
  '-Xshare:auto',
  // A broker without memory answers nobody but stays the leader. When it ends instead, it is started again.
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:ErrorFile=java-crash.log',
  '-Dlog4j2.configurationFile=log4j2.properties',
  '-cp',
  `${jars}/*`,
  main,
  ...args,
];
