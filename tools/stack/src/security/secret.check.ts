import { X509Certificate, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StackError } from '../stack.errors.ts';

/** As the stack writes passwords and the key of the replica set. */
const PASSWORD = /^[0-9a-f]{48}$/;

/** Servers get certificates at each start, so new ones do no harm. */
const damaged = (file: string, fault: string): StackError =>
  new StackError(`${file} ${fault}; remove ca.pem and server.pem in ${dirname(file)}: the next start makes new ones`);

/** Kafka keeps its users with its log, which a new password would not open. */
const damagedPassword = (file: string, fault: string): StackError =>
  new StackError(
    `${file} ${fault}; put it back, or remove ${dirname(dirname(file))} with all data of these servers: the next start makes it anew`,
  );

const contentOf = (file: string, refusal: typeof damaged): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refusal(file, `can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

/** @throws StackError with one line, unless the file holds a password of the stack */
export const readKeptPassword = (file: string): string => {
  const password = contentOf(file, damagedPassword).trim();
  if (!PASSWORD.test(password)) throw damagedPassword(file, 'holds no whole password');
  return password;
};

/** @throws StackError when a broker beside the folder was set up with a password whose file is gone */
export const requireKafkasPassword = (file: string): void => {
  const data = dirname(dirname(file));
  const isSetUp = readdirSync(data).some((node) => existsSync(join(data, node, 'data', 'meta.properties')));
  if (isSetUp && !existsSync(file)) throw damagedPassword(file, 'is gone');
};

const certificateIn = (file: string, pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch {
    throw damaged(file, 'holds no whole certificate');
  }
};

const hasKeyOf = (certificate: X509Certificate, pem: string): boolean => {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
};

/** @throws StackError with one line, unless both files are whole and belong together */
export const readKeptCertificates = (caFile: string, serverFile: string): { ca: string; server: string } => {
  const ca = contentOf(caFile, damaged);
  const server = contentOf(serverFile, damaged);
  const authority = certificateIn(caFile, ca);
  const certificate = certificateIn(serverFile, server);
  if (!hasKeyOf(certificate, server)) throw damaged(serverFile, 'holds no key of its certificate');
  if (!certificate.verify(authority.publicKey)) throw damaged(serverFile, 'is signed by another authority than ca.pem');
  return { ca, server };
};
