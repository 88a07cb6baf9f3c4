import { APP_USER, ROOT_USER, type ServerSecrets } from './server.secrets.ts';

/** Variables for a client of servers that ask for TLS and a login. They hold no password, only the files that do. */
export type ClientVariables = Readonly<Record<string, string>>;

const variablesOf = ({ caFile, fileOf }: ServerSecrets, mongoUser: string): ClientVariables => ({
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: APP_USER,
  KAFKA_SASL_PASSWORD_FILE: fileOf(APP_USER),
  MONGO_TLS_CA_FILE: caFile,
  MONGO_USERNAME: mongoUser,
  MONGO_PASSWORD_FILE: fileOf(mongoUser),
});

/** None for servers that ask for nothing. */
export const appVariables = (secrets: ServerSecrets | undefined): ClientVariables =>
  secrets ? variablesOf(secrets, APP_USER) : {};

/** For programs that look at the servers and break them: they may do everything in MongoDB. */
export const operatorVariables = (secrets: ServerSecrets | undefined): ClientVariables =>
  secrets ? variablesOf(secrets, ROOT_USER) : {};
