import { SASL_MECHANISMS, type KafkaSecurity, type LoginListener, type SaslMechanism } from '@wiber/kafka';
import { StartError } from '../host.errors.ts';
import { choice, credential, filePath, type SettingsOf } from '../settings.reader.ts';
import { Faults } from './faults.ts';
import { certificatesOf, requireKeyOf } from './pem.check.ts';
import { namedRead, readPassword, readSmallFile } from './small.file.ts';

const NO_MECHANISM = '';

export const KAFKA_SECURITY_SETTINGS = {
  kafkaSsl: choice('KAFKA_SSL', {
    about: 'Whether connections to Kafka are encrypted with TLS, and the certificates of the brokers checked.',
    choices: ['true', 'false'] as const,
    default: 'false',
  }),
  kafkaCaFile: filePath('KAFKA_SSL_CA_FILE', {
    about: 'The certificates of the CAs that sign those of the brokers, as PEM.',
    none: 'none: the CAs that Node brings',
  }),
  kafkaCertFile: filePath('KAFKA_SSL_CERT_FILE', {
    about: 'The certificate, with its chain, that is shown to brokers, as PEM; only together with KAFKA_SSL_KEY_FILE.',
    none: 'none: no certificate is shown',
  }),
  kafkaKeyFile: filePath('KAFKA_SSL_KEY_FILE', {
    about: 'The private key of KAFKA_SSL_CERT_FILE, as PEM without a passphrase.',
    none: 'none',
  }),
  kafkaMechanism: choice<SaslMechanism | typeof NO_MECHANISM>('KAFKA_SASL_MECHANISM', {
    about: 'How this process logs in at Kafka.',
    choices: SASL_MECHANISMS,
    default: NO_MECHANISM,
    defaultText: 'none: it does not log in',
  }),
  kafkaUsername: credential('KAFKA_SASL_USERNAME', { about: 'The user who logs in at Kafka.', none: 'none' }),
  kafkaPasswordFile: filePath('KAFKA_SASL_PASSWORD_FILE', {
    about: 'A file with the password of that user. It is read at each connection; a line end after it is left out.',
    none: 'none',
  }),
  kafkaPassword: credential('KAFKA_SASL_PASSWORD', {
    about: 'The password itself, in place of KAFKA_SASL_PASSWORD_FILE. Other programs of the machine may see it.',
    none: 'none',
  }),
};

type KafkaSecuritySettings = SettingsOf<typeof KAFKA_SECURITY_SETTINGS>;

/**
 * What the settings say of connections to Kafka. Each file is read once here, so that a wrong one stops the start, and then
 * at each connection. @throws StartError with one line that names every fault
 */
export const kafkaSecurityOf = (settings: KafkaSecuritySettings, listener?: LoginListener): KafkaSecurity => {
  const faults = new Faults();
  const tls = tlsOf(settings, faults);
  const sasl = saslOf(settings, faults);
  if (faults.line !== undefined) throw new StartError(faults.line);
  return { tls, sasl: sasl && { ...sasl, listener } };
};

const tlsOf = (settings: KafkaSecuritySettings, faults: Faults): KafkaSecurity['tls'] => {
  const { kafkaSsl, kafkaCaFile: ca, kafkaCertFile: cert, kafkaKeyFile: key } = settings;
  const files = [
    ['KAFKA_SSL_CA_FILE', ca],
    ['KAFKA_SSL_CERT_FILE', cert],
    ['KAFKA_SSL_KEY_FILE', key],
  ] as const;
  const given = files.flatMap(([variable, path]) => (path === '' ? [] : [variable]));
  if (kafkaSsl === 'false') {
    if (given.length > 0)
      faults.add(`${given.join(' and ')} without KAFKA_SSL; set KAFKA_SSL=true, or unset the other`);
    return undefined;
  }
  if ((cert === '') !== (key === ''))
    faults.add('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together; set both, or unset both');
  if (ca !== '') faults.ofFile('KAFKA_SSL_CA_FILE', ca, () => certificatesOf(readSmallFile(ca)));
  if (cert !== '' && key !== '') {
    const own = faults.ofFile('KAFKA_SSL_CERT_FILE', cert, () => certificatesOf(readSmallFile(cert))[0]);
    if (own) faults.ofFile('KAFKA_SSL_KEY_FILE', key, () => requireKeyOf(own, readSmallFile(key)));
  }
  const [readCa, readCert, readKey] = files.map(
    ([variable, path]) =>
      () =>
        path === '' ? undefined : namedRead(variable, path, readSmallFile),
  );
  return () => ({ ca: readCa!(), cert: readCert!(), key: readKey!() });
};

const saslOf = (settings: KafkaSecuritySettings, faults: Faults): KafkaSecurity['sasl'] => {
  const { kafkaMechanism: mechanism, kafkaUsername: username } = settings;
  const { kafkaPasswordFile: file, kafkaPassword: password } = settings;
  if (mechanism === NO_MECHANISM) {
    if (username + file + password !== '')
      faults.add(`a user or password of Kafka without KAFKA_SASL_MECHANISM; set one of ${SASL_MECHANISMS.join(', ')}`);
    return undefined;
  }
  if (username === '') faults.add(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME`);
  if (file !== '' && password !== '')
    faults.add('KAFKA_SASL_PASSWORD_FILE and KAFKA_SASL_PASSWORD are both set; unset one of them');
  else if (file + password === '')
    faults.add(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_PASSWORD_FILE, or KAFKA_SASL_PASSWORD`);
  else if (file !== '') faults.ofFile('KAFKA_SASL_PASSWORD_FILE', file, () => readPassword(file));
  return {
    mechanism,
    credentials: () => ({
      username,
      password: file === '' ? password : namedRead('KAFKA_SASL_PASSWORD_FILE', file, readPassword),
    }),
  };
};
