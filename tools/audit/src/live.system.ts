import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import type { StoreNames } from '@wiber/evidence';
import { SHARD_KEYS, type ShardKey } from '@wiber/mongo';
import { withLogin, type LoginVariables } from '@wiber/harness';
import { AuditError } from './audit.errors.ts';
import { readRunning, type Running, type SystemNames } from './running.system.ts';

/** The addresses and names of the system under audit. */
export interface LiveSystem extends StoreNames {
  brokers: string[];
  /** With the login that MongoDB asks for: it may hold a password. */
  mongoUri: string;
  /** How a client logs in at brokers that run here; at others, as the environment says. */
  kafkaLogin?: LoginVariables | undefined;
  topic: string;
  groupId: string;
  /** By what the collections of messages are sharded, also the one that a rebuild fills. */
  shardKey: ShardKey;
  /** What `npm start` runs in this folder stores there, also when the environment names another system. */
  inUseHere: StoreNames | undefined;
}

const RUN_FILE = '.wiber/run.json';

const listOf = (text: string | undefined): string[] | undefined =>
  text ? text.split(',').map((address) => address.trim()) : undefined;

const VARIABLES = [
  ['KAFKA_TOPIC', 'topic', DEFAULT_TOPIC],
  ['KAFKA_CONSUMER_GROUP', 'group', DEFAULT_CONSUMER_GROUP],
  ['MONGO_DB', 'database', DEFAULT_DATABASE],
  ['MONGO_COLLECTION', 'collection', DEFAULT_COLLECTION],
] as const;

/** The names of what runs here, which the environment may repeat; of a system elsewhere, those of the environment. */
const namesOf = (env: NodeJS.ProcessEnv, running: SystemNames | undefined): SystemNames => {
  const read = VARIABLES.map(([variable, name, fallback]) => {
    const given = env[variable];
    const used = running?.[name];
    if (given && used !== undefined && given !== used)
      throw new AuditError(
        'names_differ',
        `${variable} is '${given}', and what npm start runs here uses '${used}'; ` +
          'unset it, or set KAFKA_BOOTSTRAP_SERVERS and MONGO_URI to look at another system',
      );
    return [name, used ?? (given || fallback)] as const;
  });
  return Object.fromEntries(read) as unknown as SystemNames;
};

const addressesOf = (
  env: NodeJS.ProcessEnv,
  running: Running,
): Pick<LiveSystem, 'brokers' | 'mongoUri' | 'kafkaLogin'> => {
  const given = listOf(env['KAFKA_BOOTSTRAP_SERVERS']);
  const brokers = given ?? running.kafka;
  const kafkaLogin = given ? undefined : running.login;
  const mongoUri = env['MONGO_URI'] || (running.mongo.length > 0 ? `mongodb://${running.mongo.join(',')}/` : '');
  if (brokers.length > 0 && mongoUri !== '')
    return { brokers, kafkaLogin, mongoUri: withLogin(mongoUri, env['MONGO_URI'] ? env : running.login) };
  throw new AuditError(
    'nothing_runs',
    'nothing runs here; npm start first, or set KAFKA_BOOTSTRAP_SERVERS and MONGO_URI',
  );
};

const shardKeyOf = (given: string | undefined): ShardKey => {
  if (!given) return 'none';
  const known = SHARD_KEYS.find((key) => key === given);
  if (known) return known;
  throw new AuditError('shard_key', `MONGO_SHARD_KEY is '${given}'; it takes ${SHARD_KEYS.join(' or ')}`);
};

/**
 * From the environment, as an app reads it, where an empty variable is not set; without addresses there, the system that
 * `npm start` runs in this folder.
 * @throws AuditError when nothing runs here, or the environment has other names than what runs here
 */
export const findSystem = (env: NodeJS.ProcessEnv, runFile = RUN_FILE): LiveSystem => {
  const running = readRunning(runFile);
  const addresses = addressesOf(env, running);
  const isElsewhere = Boolean(env['KAFKA_BOOTSTRAP_SERVERS'] && env['MONGO_URI']);
  const { topic, group, database, collection } = namesOf(env, isElsewhere ? undefined : running.names);
  const shardKey = shardKeyOf(env['MONGO_SHARD_KEY']);
  return { ...addresses, topic, groupId: group, database, collection, shardKey, inUseHere: running.names };
};
