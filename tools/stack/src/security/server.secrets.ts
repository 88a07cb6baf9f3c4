import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKeptCertificates, readKeptPassword, requireKafkasPassword } from './secret.check.ts';

/** The user of the apps, in Kafka and MongoDB. */
export const APP_USER = 'wiber';
/** The user with which brokers log in at each other. */
export const BROKER_USER = 'broker';
/** The user of MongoDB who may do everything, for programs that look at the servers or break them. */
export const ROOT_USER = 'root';

/** The files with which servers and clients know each other. Only their owner may read them. */
export interface ServerSecrets {
  caFile: string;
  ca: string;
  server: string;
  /** By user. */
  passwords: Readonly<Record<typeof APP_USER | typeof BROKER_USER | typeof ROOT_USER, string>>;
  /** The file with the password of a user. */
  fileOf: (user: string) => string;
  /** With it, members of the replica set log in at each other, and the stack before there is a user. */
  mongoKey: string;
}

/** Of characters that need no escape anywhere, and that a key file of mongod may have. */
const newPassword = (): string => randomBytes(24).toString('hex');

/** Writes a file that its owner alone may read, also where one is that nobody may write. */
export const writeSecret = (file: string, content: string, mode = 0o600): void => {
  rmSync(file, { force: true });
  writeFileSync(file, content, { mode });
};

/**
 * What was made at an earlier start, or new secrets.
 * @param folder is made when it is missing
 * @throws StackError that names a damaged file and what to do
 */
export const serverSecrets = async (folder: string): Promise<ServerSecrets> => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const fileOf = (user: string) => join(folder, `${user}.password`);
  const caFile = join(folder, 'ca.pem');
  const serverFile = join(folder, 'server.pem');
  if (!existsSync(serverFile)) {
    // Loaded here: few starts need it.
    const { makeCertificates } = await import('./server.certificates.ts');
    const { ca, server } = await makeCertificates(new Date());
    writeSecret(caFile, ca);
    writeSecret(serverFile, server);
  }
  const kept = (file: string): string => {
    if (!existsSync(file)) writeSecret(file, newPassword());
    return readKeptPassword(file);
  };
  const ofKafka = (user: string): string => {
    requireKafkasPassword(fileOf(user));
    return kept(fileOf(user));
  };
  return {
    caFile,
    ...readKeptCertificates(caFile, serverFile),
    passwords: {
      [APP_USER]: ofKafka(APP_USER),
      [BROKER_USER]: ofKafka(BROKER_USER),
      [ROOT_USER]: kept(fileOf(ROOT_USER)),
    },
    fileOf,
    mongoKey: kept(join(folder, 'mongo.key')),
  };
};
