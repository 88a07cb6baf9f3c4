import { text, type StackSetting } from './setting.reader.ts';

const file = (variable: string, about: string): StackSetting<string> =>
  text({ variable, about, takes: 'the path of a file', default: '', defaultText: 'none' });

/** How the stack logs in at brokers that already run. The apps that it starts have the same variables, and rules for them. */
export const KAFKA_LOGIN_SETTINGS = {
  kafkaSsl: text({
    variable: 'KAFKA_SSL',
    about: 'Whether brokers that already run are reached over TLS.',
    takes: 'true or false',
    pattern: /^(?:true|false)$/,
    default: 'false',
  }),
  kafkaCaFile: file('KAFKA_SSL_CA_FILE', 'The CAs of those brokers, as PEM.'),
  kafkaCertFile: file('KAFKA_SSL_CERT_FILE', 'The certificate that is shown to them, as PEM.'),
  kafkaKeyFile: file('KAFKA_SSL_KEY_FILE', 'The private key of that certificate, as PEM.'),
  kafkaMechanism: text({
    variable: 'KAFKA_SASL_MECHANISM',
    about: 'How the stack logs in at brokers that already run.',
    takes: 'plain, scram-sha-256 or scram-sha-512',
    pattern: /^(?:plain|scram-sha-256|scram-sha-512)$/,
    default: '',
    defaultText: 'none: it does not log in',
  }),
  kafkaUsername: text({
    variable: 'KAFKA_SASL_USERNAME',
    about: 'The user who logs in there.',
    takes: 'a name',
    default: '',
    defaultText: 'none',
  }),
  kafkaPasswordFile: file('KAFKA_SASL_PASSWORD_FILE', 'The file with the password of that user.'),
  kafkaPassword: text({
    variable: 'KAFKA_SASL_PASSWORD',
    about: 'The password itself, in place of that file.',
    takes: 'a text',
    default: '',
    defaultText: 'none',
  }),
};
