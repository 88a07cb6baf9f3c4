import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';
import type { KafkaNode } from './kafka.options.ts';

/** What Kafka wrote into the data folder when it formatted it; empty when it is not formatted yet. */
const metaOf = ({ folder }: KafkaNode): Map<string, string> => {
  const file = join(folder, 'data', 'meta.properties');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Map(
    lines
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
};

/**
 * A random id of the form that Kafka makes (org.apache.kafka.common.Uuid.randomUuid). It never starts with a hyphen, as one id
 * of 64 would: Kafka's command line would read it as an option.
 */
export const newClusterId = (random: (size: number) => Buffer = randomBytes): string => {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
};

/** The id is kept beside the first node. When that file is missing, the id comes from a formatted node. */
export const clusterIdOf = (nodes: KafkaNode[]): string => {
  const file = join(nodes[0]!.folder, 'cluster.id');
  const formatted = nodes.map((node) => metaOf(node).get('cluster.id')).find((id) => id !== undefined);
  if (!existsSync(file)) writeFileSync(file, formatted ?? newClusterId());
  return readFileSync(file, 'utf8').trim();
};

/**
 * Whether the node's data folder is formatted.
 * @throws StackError when the folder has the data of another cluster or of another node
 */
export const isFormatted = (node: KafkaNode, nodeId: number, clusterId: string): boolean => {
  const meta = metaOf(node);
  if (meta.size === 0) return false;
  const advice = `remove ${join(node.folder, '..')} to start anew, or put back the folder that belongs there`;
  const [otherCluster, otherNode] = [meta.get('cluster.id'), meta.get('node.id')];
  if (otherCluster !== clusterId)
    throw new StackError(
      `${node.folder} belongs to Kafka cluster ${otherCluster}, not to this one (${clusterId}); ${advice}`,
    );
  if (otherNode !== String(nodeId))
    throw new StackError(`${node.folder} belongs to Kafka node ${otherNode}, not to this one (${nodeId}); ${advice}`);
  return true;
};
