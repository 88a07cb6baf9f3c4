import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerCommand, containerName } from '../downloads/docker.engine.ts';
import { SHORT_WAIT_LINE_MS, withProgress } from '../processes/progress.line.ts';
import { writeSecret, type ServerSecrets } from '../security/server.secrets.ts';
import type { ServerSource } from '../downloads/server.source.ts';
import { runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { JAVA_ENVIRONMENT, KAFKA_ENVIRONMENT } from '../processes/server.environment.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { fullDiskIn } from '../full.disk.ts';
import { StackError } from '../stack.errors.ts';
import { clusterIdOf, isFormatted } from './cluster.id.ts';
import { OPEN_LISTENERS } from './kafka.listeners.ts';
import { securedListeners, userArguments, writeCertificates } from './kafka.security.ts';
import { javaCommand, serverProperties, type KafkaNode } from './kafka.options.ts';

const LOG_SETTINGS = join(import.meta.dirname, '..', '..', 'log4j2.properties');
const JARS_IN_IMAGE = '/opt/kafka/libs';

interface KafkaCall {
  /** The container's name, when Kafka runs as an image. */
  container: string;
  /** The main class and its arguments. */
  call: string[];
  isQuick: boolean;
}

const commandOf = (node: KafkaNode, source: ServerSource, { container, call, isQuick }: KafkaCall): string[] => {
  if (source.type === 'program') return javaCommand({ java: source.java ?? 'java', jars: source.path, isQuick }, call);
  const command = javaCommand({ java: 'java', jars: JARS_IN_IMAGE, isQuick }, call);
  return containerCommand({
    ...source,
    name: container,
    folders: [node.folder],
    folder: node.folder,
    env: JAVA_ENVIRONMENT,
    command,
  });
};

export interface KafkaPlan {
  lifeline: Lifeline;
  /** With them, brokers ask for TLS and a login. */
  secrets?: ServerSecrets | undefined;
}

/** Formats new data folders. Returns how to run each broker. */
export const kafkaProcesses = async (
  nodes: KafkaNode[],
  source: ServerSource,
  { lifeline, secrets }: KafkaPlan,
): Promise<ProcessSpec[]> => {
  const listeners = secrets ? securedListeners(secrets) : OPEN_LISTENERS;
  for (const { folder } of nodes) mkdirSync(folder, { recursive: true });
  const clusterId = clusterIdOf(nodes);
  const formatted = nodes.map((node, index) => isFormatted(node, index + 1, clusterId));
  const prepare = async (node: KafkaNode, index: number): Promise<ProcessSpec> => {
    const file = join(node.folder, 'server.properties');
    // It holds passwords where brokers log in.
    writeSecret(file, serverProperties(nodes, index, listeners));
    if (secrets) writeCertificates(node, secrets);
    writeFileSync(join(node.folder, 'log4j2.properties'), readFileSync(LOG_SETTINGS));
    if (!formatted[index]) {
      const call = [
        'kafka.tools.StorageTool',
        'format',
        '-t',
        clusterId,
        '-c',
        file,
        ...(secrets ? userArguments(secrets) : []),
      ];
      const container = containerName(node.folder, `${node.id}-format`);
      const command = commandOf(node, source, { container, call, isQuick: true });
      const { ok, output } = await runChild(command, lifeline, { env: KAFKA_ENVIRONMENT, cwd: node.folder });
      if (!ok)
        throw (
          fullDiskIn(output) ?? new StackError(`Kafka could not format ${node.folder}: ${output.split('\n').at(-1)}`)
        );
    }
    const container = containerName(node.folder, node.id);
    const call = ['kafka.Kafka', file];
    const isQuick = readSetting(STACK_SETTINGS.kafkaJit) === 'quick';
    const [command = '', ...args] = commandOf(node, source, { container, call, isQuick });
    const env = KAFKA_ENVIRONMENT;
    return {
      name: node.id,
      command,
      args,
      env,
      cwd: node.folder,
      folder: node.folder,
      container: source.type === 'image' ? container : undefined,
    };
  };
  const progress = { label: 'Kafka', state: () => 'formatting its data folders', everyMs: SHORT_WAIT_LINE_MS };
  return withProgress(progress, () => Promise.all(nodes.map(prepare)));
};
