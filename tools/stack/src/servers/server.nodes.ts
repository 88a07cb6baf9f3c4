import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_HOST, type Links } from '../faults/links.ts';
import { FULL_BYTES } from '../full.disk.ts';
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

/** A cluster and a single server have different data, and servers with users have others: each has its own folder. */
export const dataFolderOf = ({ brokers, mongod, secure }: ServerOptions): string =>
  `${brokers === 1 && mongod === 1 ? 'single' : `cluster-${brokers}-${mongod}`}${secure ? '-secure' : ''}`;

const MIB = 1024 ** 2;
/** More than new data folders take. */
const NEW_DATA_BYTES = 512 * MIB;
/** What a server writes first into its data folder, with which it is no new one. */
const FIRST_FILE = { kafka: 'meta.properties', mongo: 'WiredTiger' };

/** The number of each kind that the stack starts. Servers whose addresses are given already run. */
const countsOf = ({ brokers, mongod }: ServerOptions): Record<keyof typeof FIRST_FILE, number> => ({
  kafka: readSetting(STACK_SETTINGS.kafkaBootstrap) ? 0 : brokers,
  mongo: readSetting(STACK_SETTINGS.mongoUri) ? 0 : mongod,
});

const idOf = (kind: keyof typeof FIRST_FILE, index: number): string => `${kind}-${index + 1}`;

/**
 * How many bytes must be free for a start: servers whose data are there have taken most of their space.
 * @param folder the folder that holds the data folders
 */
export const startBytes = (options: ServerOptions, folder: string): number => {
  const data = join(folder, dataFolderOf(options));
  const isNew = (kind: keyof typeof FIRST_FILE): boolean =>
    Array.from({ length: countsOf(options)[kind] }, (_, index) => idOf(kind, index)).some(
      (id) => !existsSync(join(data, id, 'data', FIRST_FILE[kind])),
    );
  return isNew('kafka') || isNew('mongo') ? NEW_DATA_BYTES : FULL_BYTES;
};

/** Chooses the ports and the data folder of each server that the stack starts. */
export const planNodes = async ({ options, folder, ports, links }: NodesPlan): Promise<ServerNodes> => {
  const { ephemeral, smallDisks } = options;
  const { kafka: kafkaCount, mongo: mongoCount } = countsOf(options);
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
    const id = idOf('kafka', index);
    const ownPort = await ownPortOf(STACK_SETTINGS.kafkaPort, index);
    const ownControllerPort = await ownPortOf(STACK_SETTINGS.kafkaControllerPort, index);
    const port = await publicPortOf(id, ownPort);
    const controllerPort = await publicPortOf(id, ownControllerPort);
    kafka.push({ id, port, controllerPort, ownHost, ownPort, ownControllerPort, folder: join(data, id) });
  }
  const mongo: MongoNode[] = [];
  for (let index = 0; index < mongoCount; index += 1) {
    const id = idOf('mongo', index);
    const ownPort = await ownPortOf(STACK_SETTINGS.mongoPort, index);
    const port = await publicPortOf(id, ownPort);
    mongo.push({ id, port, ownHost, ownPort, folder: join(data, id), smallDisk: smallDisks.includes(id) });
  }
  return { kafka, mongo };
};
