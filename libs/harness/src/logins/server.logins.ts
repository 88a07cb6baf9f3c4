import { readFileSync } from 'node:fs';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { mongo } from 'mongoose';

/** The variables with which an app logs in: KAFKA_SSL, KAFKA_SASL_…, MONGO_TLS_…, MONGO_USERNAME and so on. */
export type LoginVariables = Readonly<Record<string, string | undefined>>;

/** By host:port, of the servers that this process started or was told of. Others get the variables of this process. */
const logins = new Map<string, LoginVariables>();

export const rememberLogin = (addresses: readonly string[], variables: LoginVariables): void => {
  for (const address of addresses) logins.set(address, variables);
};

const variablesAt = (address: string | undefined): LoginVariables => logins.get(address ?? '') ?? process.env;

const fileOf = (path: string | undefined): string | undefined => (path ? readFileSync(path, 'utf8') : undefined);
const passwordOf = (file: string | undefined, given: string | undefined): string =>
  (fileOf(file) ?? given ?? '').replace(/\r?\n$/, '');

/** kafkajs gives a connection one second, in which a busy machine may not end the handshake of TLS. */
const TLS_CONNECT_MS = 10_000;

/** How a plain client of Kafka logs in. Files are read now. */
export const kafkaLoginAt = (address: string | undefined): Pick<KafkaConfig, 'ssl' | 'sasl' | 'connectionTimeout'> => {
  const env = variablesAt(address);
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = env;
  const password = passwordOf(env['KAFKA_SASL_PASSWORD_FILE'], env['KAFKA_SASL_PASSWORD']);
  const ca = fileOf(env['KAFKA_SSL_CA_FILE']);
  const cert = fileOf(env['KAFKA_SSL_CERT_FILE']);
  const key = fileOf(env['KAFKA_SSL_KEY_FILE']);
  return {
    ...(env['KAFKA_SSL'] === 'true' ? { ssl: { ca, cert, key }, connectionTimeout: TLS_CONNECT_MS } : {}),
    ...(mechanism ? { sasl: { mechanism, username, password } as SASLOptions } : {}),
  };
};

/** Options of a plain client of MongoDB; an empty object where the servers ask for no login. */
const mongoOptionsFrom = (env: LoginVariables): mongo.MongoClientOptions => {
  const { MONGO_TLS_CA_FILE: ca, MONGO_TLS_CERT_KEY_FILE: certKey, MONGO_USERNAME: username } = env;
  const password = passwordOf(env['MONGO_PASSWORD_FILE'], env['MONGO_PASSWORD']);
  return {
    ...(ca || certKey ? { tls: true } : {}),
    ...(ca ? { tlsCAFile: ca } : {}),
    ...(certKey ? { tlsCertificateKeyFile: certKey } : {}),
    ...(username ? { auth: { username, password }, authSource: 'admin' } : {}),
  };
};

/** How a plain client logs in at one mongod. */
export const mongoLoginAt = (address: string): mongo.MongoClientOptions => mongoOptionsFrom(variablesAt(address));

/** The connection string with the login in it, for a client in this process. Never print it: it holds the password. */
export const withLogin = (uri: string, variables: LoginVariables): string => {
  const { auth, tls, tlsCAFile, tlsCertificateKeyFile, authSource } = mongoOptionsFrom(variables);
  const hasUser = /^[^/]+\/\/[^/?#]*@/.test(uri);
  const user =
    auth && !hasUser ? `${encodeURIComponent(auth.username ?? '')}:${encodeURIComponent(auth.password ?? '')}@` : '';
  const options = Object.entries({
    ...{ tls, tlsCAFile, tlsCertificateKeyFile },
    authSource: hasUser ? undefined : authSource,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`]));
  if (options.length === 0) return uri;
  const [base = '', given] = uri.split('?');
  const path = /^mongodb(\+srv)?:\/\/[^/]+$/.test(base) ? `${base}/` : base;
  return `${path.replace('://', `://${user}`)}?${[...(given ? [given] : []), ...options].join('&')}`;
};
