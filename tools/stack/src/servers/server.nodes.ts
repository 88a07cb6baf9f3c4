import { join } from 'node:path';
import { OWN_HOST, type Links } from '../faults/links.ts';
import type { KafkaNode } from '../kafka/kafka.options.ts';
import type { MongoNode } from '../mongo/mongod.options.ts';
import { freePorts, type PortClaims } from '../processes/ports.ts';
import { STACK_SETTINGS, readSetting, type StackSetting } from '../stack.env.ts';
import type { ServerOptions } from './server.options.ts';

export interface NodesPlan {
  options: ServerOptions;
  /** The folder that holds the data folders. */
  folder: string;
  ports: PortClaims;
  /** Undefined: clients connect to the servers themselves. */
  links: Links | undefined;
}

export interface ServerNodes {
  kafka: KafkaNode[];
  mongo: MongoNode[];
}

/** A cluster and a single server have different data, so each has its own folder. */
const dataFolderOf = ({ brokers, mongod }: ServerOptions): string =>
  brokers === 1 && mongod === 1 ? 'single' : `cluster-${brokers}-${mongod}`;

/** Chooses the ports and the data folder of each server that the stack starts. */
export const planNodes = async ({ options, folder, ports, links }: NodesPlan): Promise<ServerNodes> => {
  const { brokers, mongod, ephemeral, smallDisks } = options;
  const kafkaCount = readSetting(STACK_SETTINGS.kafkaBootstrap) ? 0 : brokers;
  const mongoCount = readSetting(STACK_SETTINGS.mongoUri) ? 0 : mongod;
  const ownHost = links ? OWN_HOST : '127.0.0.1';
  const free = ephemeral ? await freePorts(kafkaCount * 2 + mongoCount, ownHost) : [];
  const ownPortOf = async (setting: StackSetting<number>, index: number): Promise<number> => {
    const { variable } = setting;
    return free.pop() ?? (await ports.claim({ port: readSetting(setting) + index, variable }));
  };
  const publicPortOf = async (id: string, ownPort: number): Promise<number> =>
    links ? links.addProxy(id, ownPort) : ownPort;
  const data = join(folder, dataFolderOf(options));

  const kafka: KafkaNode[] = [];
  for (let index = 0; index < kafkaCount; index += 1) {
    const id = `kafka-${index + 1}`;
    const ownPort = await ownPortOf(STACK_SETTINGS.kafkaPort, index);
    const ownControllerPort = await ownPortOf(STACK_SETTINGS.kafkaControllerPort, index);
    const port = await publicPortOf(id, ownPort);
    const controllerPort = await publicPortOf(id, ownControllerPort);
    kafka.push({ id, port, controllerPort, ownHost, ownPort, ownControllerPort, folder: join(data, id) });
  }
  const mongo: MongoNode[] = [];
  for (let index = 0; index < mongoCount; index += 1) {
    const id = `mongo-${index + 1}`;
    const ownPort = await ownPortOf(STACK_SETTINGS.mongoPort, index);
    const port = await publicPortOf(id, ownPort);
    mongo.push({ id, port, ownHost, ownPort, folder: join(data, id), smallDisk: smallDisks.includes(id) });
  }
  return { kafka, mongo };
};
