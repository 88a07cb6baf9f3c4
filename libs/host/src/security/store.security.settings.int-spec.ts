import { StartError } from '../host.errors.ts';
import { readSettings } from '../settings.reader.ts';
import { SecretFolder, newIdentity } from './pem.files.double-spec.ts';
import { STORE_SECURITY_SETTINGS, storeSecurityOf } from './store.security.settings.ts';

const folder = new SecretFolder();
afterAll(() => folder.remove());
const own = await newIdentity();
const ca = folder.write('ca.pem', own.cert);
const both = folder.write('both.pem', own.key + own.cert);
const password = folder.write('password', 'secret\n');

const securityOf = (env: Record<string, string>, mongoUri = 'mongodb://a:1/?replicaSet=wiber') =>
  storeSecurityOf({ ...readSettings(env, STORE_SECURITY_SETTINGS), mongoUri });

test('files and a user become options of the connection, and without settings there are none', () => {
  expect(securityOf({})).toEqual({});
  const env = { MONGO_TLS_CA_FILE: ca, MONGO_TLS_CERT_KEY_FILE: both, MONGO_USERNAME: 'wiber' };
  const { tls, credentials } = securityOf({ ...env, MONGO_PASSWORD_FILE: password });
  expect(tls).toEqual({ caFile: ca, certKeyFile: both });
  expect([credentials?.username, credentials?.password()]).toEqual(['wiber', 'secret']);
  folder.write('password', 'rotated\n');
  expect(credentials?.password()).toBe('rotated');
});

test.each<[string, Record<string, string>, string | undefined, RegExp]>([
  [
    'a user in the URI and one beside it',
    { MONGO_USERNAME: 'a', MONGO_PASSWORD: 'b' },
    'mongodb://u:p@a:1/',
    /^MONGO_URI has a user, and MONGO_USERNAME is set/,
  ],
  [
    'a user without a password',
    { MONGO_USERNAME: 'a' },
    undefined,
    /^MONGO_USERNAME needs MONGO_PASSWORD_FILE, or MONGO_PASSWORD$/,
  ],
  [
    'a password without a user',
    { MONGO_PASSWORD: 'hidden' },
    undefined,
    /^a password of MongoDB without MONGO_USERNAME(?!.*hidden)/,
  ],
  [
    'both passwords',
    { MONGO_USERNAME: 'a', MONGO_PASSWORD: 'b', MONGO_PASSWORD_FILE: password },
    undefined,
    /are both set; unset one of them$/,
  ],
  [
    'a CA file that is missing',
    { MONGO_TLS_CA_FILE: '/no/ca.pem' },
    undefined,
    /^MONGO_TLS_CA_FILE: .* can't be read \(ENOENT\)$/,
  ],
  [
    'a certificate without its key',
    { MONGO_TLS_CERT_KEY_FILE: ca },
    undefined,
    /^MONGO_TLS_CERT_KEY_FILE: .* holds no private key in PEM form/,
  ],
  ['TLS that the URI turns off', { MONGO_TLS_CA_FILE: ca }, 'mongodb://a:1/?tls=false', /^MONGO_URI turns TLS off/],
])('%s ends the start with one line that says what to do', (_, env, uri, line) => {
  expect(() => securityOf(env, uri)).toThrow(StartError);
  expect(() => securityOf(env, uri)).toThrow(line);
});

test.each([
  'tlsInsecure=true',
  'tlsAllowInvalidCertificates=true',
  'tlsAllowInvalidHostnames=true',
  'tlsCAFile=/other/ca.pem',
  'tlsCertificateKeyFile=/other/both.pem',
  'TLSINSECURE=true',
  'tls%49nsecure=true',
])(
  '%s of the URI beside files of TLS ends the start with one line; without them it is the choice of the URI',
  (option) => {
    const uri = `mongodb://a:1/?replicaSet=wiber&${option}`;
    const line =
      /^MONGO_URI has tls\w+, and MONGO_TLS_CA_FILE or MONGO_TLS_CERT_KEY_FILE is set; take tls\w+ out of MONGO_URI$/i;
    expect(() => securityOf({ MONGO_TLS_CA_FILE: ca }, uri)).toThrow(StartError);
    expect(() => securityOf({ MONGO_TLS_CA_FILE: ca }, uri)).toThrow(line);
    expect(() => securityOf({ MONGO_TLS_CERT_KEY_FILE: both }, uri)).toThrow(line);
    expect(securityOf({}, uri)).toEqual({});
  },
);

test('what the URI says of TLS besides, and every other option, is kept', () => {
  const uri = 'mongodb://a:1/?replicaSet=wiber&tls=true&ssl=true&tlsCRLFile=/crl.pem&appName=tlsInsecure';
  expect(securityOf({ MONGO_TLS_CA_FILE: ca }, uri)).toEqual({ tls: { caFile: ca } });
});
