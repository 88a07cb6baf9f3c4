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

/** What the environment says of logins is meant for other servers than those that were started here. */
const NO_LOGIN: ClientVariables = Object.fromEntries(
  [
    ...['KAFKA_SSL', 'KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE', 'KAFKA_SASL_MECHANISM'],
    ...['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE', 'KAFKA_SASL_PASSWORD'],
    ...['MONGO_TLS_CA_FILE', 'MONGO_TLS_CERT_KEY_FILE', 'MONGO_USERNAME', 'MONGO_PASSWORD_FILE', 'MONGO_PASSWORD'],
  ].map((name) => [name, '']),
);

/** For an app. Of a kind of servers that already ran it gets what the environment says. */
export const appVariables = (
  secrets: ServerSecrets | undefined,
  started: { kafka: readonly unknown[]; mongo: readonly unknown[] },
): ClientVariables => {
  const isStarted = ([name]: [string, string]) =>
    (name.startsWith('KAFKA_') ? started.kafka : started.mongo).length > 0;
  const none = Object.fromEntries(Object.entries(NO_LOGIN).filter(isStarted));
  return secrets ? { ...none, ...variablesOf(secrets, APP_USER) } : none;
};

/** For programs that look at the servers and break them: they may do everything in MongoDB. */
export const operatorVariables = (secrets: ServerSecrets | undefined): ClientVariables =>
  secrets ? variablesOf(secrets, ROOT_USER) : {};
