import { readFileSync } from 'node:fs';
import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { AuditError } from './audit.errors.ts';

/** The addresses and names of the system under audit. */
export interface LiveSystem {
  brokers: string[];
  mongoUri: string;
  topic: string;
  groupId: string;
  database: string;
  collection: string;
}

interface RunningServer {
  pid: number;
  address: string;
}

const RUN_FILE = '.wiber/run.json';

const isAlive = ({ pid }: RunningServer): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const runningServers = (file: string): { kafka: string[]; mongo: string[] } => {
  let run: Record<'kafka' | 'mongo', RunningServer[]>;
  try {
    run = JSON.parse(readFileSync(file, 'utf8')) as typeof run;
  } catch {
    return { kafka: [], mongo: [] };
  }
  const addresses = (servers: RunningServer[]) => servers.filter(isAlive).map(({ address }) => address);
  return { kafka: addresses(run.kafka), mongo: addresses(run.mongo) };
};

const listOf = (text: string | undefined): string[] | undefined =>
  text ? text.split(',').map((address) => address.trim()) : undefined;

/** From the environment, as an app reads it, where an empty variable is not set; without addresses there, the system that `npm start` runs in this folder. */
export const findSystem = (env: NodeJS.ProcessEnv, runFile = RUN_FILE): LiveSystem => {
  const running = runningServers(runFile);
  const brokers = listOf(env['KAFKA_BOOTSTRAP_SERVERS']) ?? running.kafka;
  const mongoUri = env['MONGO_URI'] || (running.mongo.length > 0 ? `mongodb://${running.mongo.join(',')}/` : '');
  if (brokers.length === 0 || mongoUri === '')
    throw new AuditError(
      'nothing_runs',
      'nothing runs here; npm start first, or set KAFKA_BOOTSTRAP_SERVERS and MONGO_URI',
    );
  return {
    brokers,
    mongoUri,
    topic: env['KAFKA_TOPIC'] || DEFAULT_TOPIC,
    groupId: env['KAFKA_CONSUMER_GROUP'] || DEFAULT_CONSUMER_GROUP,
    database: env['MONGO_DB'] || DEFAULT_DATABASE,
    collection: env['MONGO_COLLECTION'] || DEFAULT_COLLECTION,
  };
};
