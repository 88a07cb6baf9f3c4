import { X509Certificate, createPrivateKey } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const BEGINNING = /-----BEGIN CERTIFICATE-----/g;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/** OpenSSL skips what it can't read in a file of CAs: it would trust fewer than the file names. @throws Error "FILE …" */
export const certificatesOf = (pem: string): X509Certificate[] => {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new Error('holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)');
  if (pem.match(BEGINNING)!.length !== blocks.length)
    throw new Error('holds a certificate without its end (-----END CERTIFICATE-----)');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new Error(`holds a certificate that can't be read, number ${index + 1}`, { cause: error });
    }
  });
};

/** @throws Error "FILE …" unless it holds a key, without a passphrase, that belongs to the certificate */
export const requireKeyOf = (certificate: X509Certificate, pem: string): void => {
  if (ENCRYPTED.test(pem)) throw new Error('holds a key with a passphrase; store it without one');
  if (!certificate.checkPrivateKey(keyOf(pem))) throw new Error('holds the key of another certificate');
};

const keyOf = (pem: string) => {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error('holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)', { cause: error });
  }
};
