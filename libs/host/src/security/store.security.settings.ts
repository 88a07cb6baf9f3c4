import type { StoreSettings } from '@wiber/mongo';
import { StartError } from '../host.errors.ts';
import { credential, filePath, type SettingsOf } from '../settings.reader.ts';
import { Faults } from './faults.ts';
import { certificatesOf, requireKeyOf } from './pem.check.ts';
import { readPassword, readSmallFile } from './small.file.ts';

export const STORE_SECURITY_SETTINGS = {
  storeCaFile: filePath('MONGO_TLS_CA_FILE', {
    about: 'The certificates of the CAs that sign those of MongoDB, as PEM. With it, connections are encrypted.',
    none: 'none: MONGO_URI says whether connections are encrypted',
  }),
  storeCertKeyFile: filePath('MONGO_TLS_CERT_KEY_FILE', {
    about:
      'The certificate that is shown to MongoDB and its private key, in one PEM file; connections are then encrypted.',
    none: 'none: no certificate is shown',
  }),
  storeUsername: credential('MONGO_USERNAME', {
    about:
      'The user who logs in at MongoDB, in place of one in MONGO_URI; authSource of the URI is kept, else it is admin.',
    none: 'none: that of MONGO_URI',
  }),
  storePasswordFile: filePath('MONGO_PASSWORD_FILE', {
    about:
      'A file with the password of MONGO_USERNAME. It is read at each connection; a line end after it is left out.',
    none: 'none',
  }),
  storePassword: credential('MONGO_PASSWORD', {
    about: 'The password itself, in place of MONGO_PASSWORD_FILE. Other programs of the machine may see it.',
    none: 'none',
  }),
};

type StoreSecuritySettings = SettingsOf<typeof STORE_SECURITY_SETTINGS> & { mongoUri: string };

const URI_USER = /^[^/]+\/\/[^/?#]*@/;
/** What the settings MONGO_TLS_… decide. The driver would take some from the URI, and no one else would know which. */
const URI_TLS_OPTIONS = new Set([
  ...['tlsinsecure', 'tlsallowinvalidcertificates', 'tlsallowinvalidhostnames'],
  ...['tlscafile', 'tlscertificatekeyfile', 'tlscertificatekeyfilepassword'],
]);

/** Names as the driver reads them: decoded, in any case. */
const optionsOf = (uri: string): [name: string, value: string][] => [
  ...new URLSearchParams(uri.slice(uri.indexOf('?') + 1 || uri.length)),
];

/** What the settings say of connections to MongoDB. @throws StartError with one line that names every fault */
export const storeSecurityOf = (settings: StoreSecuritySettings): Pick<StoreSettings, 'tls' | 'credentials'> => {
  const faults = new Faults();
  const tls = tlsOf(settings, faults);
  const credentials = credentialsOf(settings, faults);
  if (faults.line !== undefined) throw new StartError(faults.line);
  return { ...(tls ? { tls } : {}), ...(credentials ? { credentials } : {}) };
};

const tlsOf = (settings: StoreSecuritySettings, faults: Faults): StoreSettings['tls'] => {
  const { storeCaFile: ca, storeCertKeyFile: certKey, mongoUri } = settings;
  if (ca + certKey === '') return undefined;
  for (const [name, value] of optionsOf(mongoUri)) {
    if (/^(?:tls|ssl)$/i.test(name) && value.toLowerCase() === 'false')
      faults.add('MONGO_URI turns TLS off, and MONGO_TLS_CA_FILE or MONGO_TLS_CERT_KEY_FILE is set; unset one of them');
    if (URI_TLS_OPTIONS.has(name.toLowerCase()))
      faults.add(
        `MONGO_URI has ${name}, and MONGO_TLS_CA_FILE or MONGO_TLS_CERT_KEY_FILE is set; take ${name} out of MONGO_URI`,
      );
  }
  if (ca !== '') faults.ofFile('MONGO_TLS_CA_FILE', ca, () => certificatesOf(readSmallFile(ca)));
  if (certKey !== '')
    faults.ofFile('MONGO_TLS_CERT_KEY_FILE', certKey, () => {
      const pem = readSmallFile(certKey);
      const [own] = certificatesOf(pem);
      if (own) requireKeyOf(own, pem);
    });
  return { ...(ca === '' ? {} : { caFile: ca }), ...(certKey === '' ? {} : { certKeyFile: certKey }) };
};

const credentialsOf = (settings: StoreSecuritySettings, faults: Faults): StoreSettings['credentials'] => {
  const { storeUsername: username, storePasswordFile: file, storePassword: given, mongoUri } = settings;
  if (username === '') {
    if (file + given !== '') faults.add('a password of MongoDB without MONGO_USERNAME; set it, or unset the password');
    return undefined;
  }
  if (URI_USER.test(mongoUri)) faults.add('MONGO_URI has a user, and MONGO_USERNAME is set; take one of them away');
  if (file !== '' && given !== '') faults.add('MONGO_PASSWORD_FILE and MONGO_PASSWORD are both set; unset one of them');
  else if (file + given === '') faults.add('MONGO_USERNAME needs MONGO_PASSWORD_FILE, or MONGO_PASSWORD');
  if (file !== '') faults.ofFile('MONGO_PASSWORD_FILE', file, () => readPassword(file));
  return { username, password: () => (file === '' ? given : readPassword(file)) };
};
