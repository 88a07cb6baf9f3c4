// The certificate library asks for it when it is loaded.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface ServerCertificates {
  /** The certificate of the CA, as PEM. Its key is not kept, so that it signs nothing else. */
  ca: string;
  /** Private key and certificate of all servers, as PEM. They show it to each other as well. */
  server: string;
}

/** Every name under which this machine reaches the servers. 127.0.0.2 is where they listen behind the proxies of --links. */
const NAMES = [
  { type: 'dns', value: 'localhost' },
  ...['127.0.0.1', '127.0.0.2', '::1'].map((value) => ({ type: 'ip' as const, value })),
] as const;

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const VALID_YEARS = 10;

/**
 * A CA of its own and one certificate that it signed, for servers of this machine alone. Node makes no certificates, a machine
 * may have no openssl, and Java's keytool writes no private key in the form that mongod reads.
 */
export const makeCertificates = async (now: Date): Promise<ServerCertificates> => {
  const newKeys = () =>
    webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [caKeys, keys] = await Promise.all([newKeys(), newKeys()]);
  // From yesterday on: the clock of a test may be behind.
  const notBefore = new Date(now.getTime() - 86_400_000);
  const notAfter = new Date(now);
  notAfter.setFullYear(now.getFullYear() + VALID_YEARS);
  const period = { notBefore, notAfter, signingAlgorithm: SIGNING };
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      ...period,
      serialNumber: '01',
      name: 'CN=Wiber local CA',
      keys: caKeys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto as never,
  );
  const server = await X509CertificateGenerator.create(
    {
      ...period,
      serialNumber: '02',
      subject: 'CN=Wiber local server',
      issuer: ca.subject,
      signingKey: caKeys.privateKey,
      publicKey: keys.publicKey,
      extensions: [
        new SubjectAlternativeNameExtension([...NAMES]),
        // Servers are clients of each other.
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto as never,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { ca: `${ca.toString('pem')}\n`, server: `${pemKey(key)}${server.toString('pem')}\n` };
};

const pemKey = (pkcs8: ArrayBuffer): string => {
  const lines =
    Buffer.from(pkcs8)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
};
