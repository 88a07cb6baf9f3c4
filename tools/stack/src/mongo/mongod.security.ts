import { join } from 'node:path';
import type { mongo } from 'mongoose';
import { writeSecret, type ServerSecrets } from '../security/server.secrets.ts';
import type { MongoNode } from './mongod.options.ts';

/** What a mongod asks of who connects: TLS and a login. Members of the set log in with the key file. */
export const securedArgs = ({ folder }: MongoNode): string[] => [
  ...['--tlsMode', 'requireTLS'],
  ...['--tlsCertificateKeyFile', join(folder, 'server.pem')],
  ...['--tlsCAFile', join(folder, 'ca.pem')],
  // Clients log in with a password.
  '--tlsAllowConnectionsWithoutCertificates',
  ...['--keyFile', join(folder, 'mongo.key')],
];

/** mongod refuses a key file that others may read. */
export const writeKeys = ({ folder }: MongoNode, { ca, server, mongoKey }: ServerSecrets): void => {
  writeSecret(join(folder, 'server.pem'), server);
  writeSecret(join(folder, 'ca.pem'), ca);
  writeSecret(join(folder, 'mongo.key'), mongoKey, 0o400);
};

/** Logs in as a member of the set does: before there are users, and whatever users there are. */
export const memberLogin = (secrets: ServerSecrets | undefined): mongo.MongoClientOptions =>
  secrets
    ? {
        tls: true,
        tlsCAFile: secrets.caFile,
        auth: { username: '__system', password: secrets.mongoKey },
        authSource: 'local',
        authMechanism: 'SCRAM-SHA-256',
      }
    : {};
