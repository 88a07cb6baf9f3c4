import type { ServerSource } from '../downloads/server.source.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { StackError } from '../stack.errors.ts';
import type { ServerOptions } from './server.options.ts';

/** @throws StackError where servers that already run would have to ask for TLS and a login */
export const requireOwnServers = ({ secure }: ServerOptions): void => {
  const { kafkaBootstrap, mongoUri: given } = STACK_SETTINGS;
  if (secure && (readSetting(kafkaBootstrap) || readSetting(given)))
    throw new StackError('--secure is for servers that it starts itself; unset KAFKA_BOOTSTRAP_SERVERS and MONGO_URI');
};

/** Links find the process that opened a connection by its socket. The processes of a container can't be seen that way. */
export const requireLinkable = ({ links }: ServerOptions, sources: (ServerSource | undefined)[]): void => {
  if (links && process.platform !== 'linux')
    throw new StackError('--links needs Linux: it reads from /proc which process opened a connection');
  if (links && sources.some((source) => source?.type !== 'program'))
    throw new StackError(
      '--links needs Kafka and mongod as programs that it starts itself; set KAFKA_HOME and MONGOD_BIN, ' +
        'and neither KAFKA_BOOTSTRAP_SERVERS nor MONGO_URI',
    );
};
