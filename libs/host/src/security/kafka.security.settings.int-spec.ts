import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../host.errors.ts';
import { readSettings } from '../settings.reader.ts';
import { KAFKA_SECURITY_SETTINGS, kafkaSecurityOf } from './kafka.security.settings.ts';
import { SecretFolder, newIdentity } from './pem.files.double-spec.ts';

const folder = new SecretFolder();
afterAll(() => folder.remove());
const own = await newIdentity();
const other = await newIdentity();
const ca = folder.write('ca.pem', `${own.cert}\n${other.cert}\n`);
const cert = folder.write('cert.pem', own.cert);
const key = folder.write('key.pem', own.key);
const password = folder.write('password', 'secret\n');

const securityOf = (env: Record<string, string>) => kafkaSecurityOf(readSettings(env, KAFKA_SECURITY_SETTINGS));
const LOGIN = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'wiber' };
const TLS = { KAFKA_SSL: 'true' };

test('without settings, connections are neither encrypted nor authenticated', () => {
  expect(securityOf({})).toEqual({ tls: undefined, sasl: undefined });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a file that is missing',
    { ...TLS, KAFKA_SSL_CA_FILE: '/no/ca.pem' },
    /^KAFKA_SSL_CA_FILE: .*\/no\/ca\.pem can't be read \(ENOENT\)$/,
  ],
  ['a folder', { ...TLS, KAFKA_SSL_CA_FILE: folder.path }, /^KAFKA_SSL_CA_FILE: .* is no file$/],
  ['a device', { ...TLS, KAFKA_SSL_CA_FILE: '/dev/zero' }, /^KAFKA_SSL_CA_FILE: .* is no file$/],
  [
    'a file without a certificate',
    { ...TLS, KAFKA_SSL_CA_FILE: key },
    /^KAFKA_SSL_CA_FILE: .* holds no certificate in PEM form/,
  ],
  [
    'a certificate that is cut',
    { ...TLS, KAFKA_SSL_CA_FILE: folder.write('cut.pem', `${own.cert}\n${own.cert.replace(/\n.{20}/, '\n')}`) },
    /^KAFKA_SSL_CA_FILE: .* holds a certificate that can't be read, number 2$/,
  ],
  [
    'a certificate that lacks its end',
    { ...TLS, KAFKA_SSL_CA_FILE: folder.write('open.pem', `${own.cert}\n${other.cert.replace(/-----END.*/, '')}`) },
    /^KAFKA_SSL_CA_FILE: .* holds a certificate without its end/,
  ],
  [
    'a huge file',
    { ...TLS, KAFKA_SSL_CA_FILE: folder.write('huge.pem', 'a'.repeat(1024 * 1024 + 1)) },
    / is larger than 1 MiB$/,
  ],
  ['a certificate without its key', { ...TLS, KAFKA_SSL_CERT_FILE: cert }, /belong together; set both, or unset both$/],
  ['a key without its certificate', { ...TLS, KAFKA_SSL_KEY_FILE: key }, /belong together; set both, or unset both$/],
  [
    'the key of another certificate',
    { ...TLS, KAFKA_SSL_CERT_FILE: cert, KAFKA_SSL_KEY_FILE: folder.write('other.pem', other.key) },
    /^KAFKA_SSL_KEY_FILE: .* holds the key of another certificate$/,
  ],
  [
    'a key with a passphrase',
    {
      ...TLS,
      KAFKA_SSL_CERT_FILE: cert,
      KAFKA_SSL_KEY_FILE: folder.write('locked.pem', own.key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')),
    },
    /holds a key with a passphrase; store it without one$/,
  ],
  ['files of TLS without TLS', { KAFKA_SSL_CA_FILE: ca }, /^KAFKA_SSL_CA_FILE without KAFKA_SSL; set KAFKA_SSL=true/],
  [
    'a mechanism that Kafka has not',
    { KAFKA_SASL_MECHANISM: 'md5' },
    /^KAFKA_SASL_MECHANISM is 'md5'; it takes one of plain, scram-sha-256, scram-sha-512$/,
  ],
  [
    'a mechanism without a user',
    { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD_FILE: password },
    /^KAFKA_SASL_MECHANISM=plain needs KAFKA_SASL_USERNAME$/,
  ],
  ['a mechanism without a password', LOGIN, /needs KAFKA_SASL_PASSWORD_FILE, or KAFKA_SASL_PASSWORD$/],
  [
    'both passwords',
    { ...LOGIN, KAFKA_SASL_PASSWORD_FILE: password, KAFKA_SASL_PASSWORD: 'x' },
    /are both set; unset one of them$/,
  ],
  ['a user without a mechanism', { KAFKA_SASL_USERNAME: 'wiber' }, /without KAFKA_SASL_MECHANISM; set one of plain, /],
  [
    'an empty password file',
    { ...LOGIN, KAFKA_SASL_PASSWORD_FILE: folder.write('empty', '\n') },
    /^KAFKA_SASL_PASSWORD_FILE: .* is empty$/,
  ],
  [
    'a password file of two lines',
    { ...LOGIN, KAFKA_SASL_PASSWORD_FILE: folder.write('lines', 'one\ntwo\n') },
    /^KAFKA_SASL_PASSWORD_FILE: .* holds more than one line; a password has one$/,
  ],
  [
    'a password file that is no text',
    { ...LOGIN, KAFKA_SASL_PASSWORD_FILE: folder.write('latin', Buffer.from([0x70, 0xe4])) },
    /^KAFKA_SASL_PASSWORD_FILE: .* is no text in UTF-8$/,
  ],
  [
    'KAFKA_SSL that is neither true nor false',
    { KAFKA_SSL: 'yes' },
    /^KAFKA_SSL is 'yes'; it takes one of true, false$/,
  ],
])('%s ends the start with one line that names the variable', (_, env, line) => {
  expect(() => securityOf(env)).toThrow(StartError);
  expect(() => securityOf(env)).toThrow(line);
});

test('a pipe is refused and not waited for', () => {
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => securityOf({ ...LOGIN, KAFKA_SASL_PASSWORD_FILE: pipe })).toThrow(/ is no file$/);
});

test('one line names every fault, and no line holds a password', () => {
  const env = { KAFKA_SSL_CA_FILE: ca, ...LOGIN, KAFKA_SASL_PASSWORD: 'hidden', KAFKA_SASL_PASSWORD_FILE: password };
  expect(() => securityOf(env)).toThrow(/KAFKA_SSL_CA_FILE without .*\. KAFKA_SASL_PASSWORD_FILE and (?!.*hidden)/);
  const broken = () => securityOf({ ...LOGIN, KAFKA_SASL_PASSWORD: 'hidden\nhidden' });
  expect(broken).toThrow(/^KAFKA_SASL_PASSWORD is '\*\*\*'; it takes (?!.*hidden)/);
});

test('files are read at each connection: what was rotated is used without a restart', () => {
  const link = join(folder.path, 'link');
  // As Kubernetes mounts a secret: a link that is replaced.
  symlinkSync(folder.write('one', 'first\r\n'), link);
  const { tls, sasl } = securityOf({ ...TLS, KAFKA_SSL_CA_FILE: ca, ...LOGIN, KAFKA_SASL_PASSWORD_FILE: link });
  expect(sasl?.credentials()).toEqual({ username: 'wiber', password: 'first' });
  expect(tls?.().ca).toContain(own.cert);
  rmSync(link);
  expect(() => sasl?.credentials()).toThrow(`KAFKA_SASL_PASSWORD_FILE: the file ${link} can't be read (ENOENT)`);
  symlinkSync(folder.write('two', 'second'), link);
  folder.write('ca.pem', other.cert);
  expect(sasl?.credentials().password).toBe('second');
  expect(tls?.().ca).toBe(other.cert);
  rmSync(ca);
  expect(() => tls?.()).toThrow(`KAFKA_SSL_CA_FILE: the file ${ca} can't be read (ENOENT)`);
});
