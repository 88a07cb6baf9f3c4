import { edit, variable, type PlantedMistake } from './planted.mistake.ts';
import { setting } from './operator.mistakes.ts';

const MONGODB = ['MongoDBCommunity', 'wiber-mongodb'] as const;
const ROLES = ['spec', 'users', 0, 'roles'] as const;
const READ_WRITE = { name: 'readWrite', db: 'wiber' };
const ADMIN = { name: 'dbAdmin', db: 'wiber' };

const PLANTS: readonly [name: string, code: PlantedMistake['code'], plant: PlantedMistake['plant']][] = [
  [
    'a user of MongoDB who may only read',
    'access_missing',
    edit(...MONGODB, [...ROLES], [{ name: 'read', db: 'wiber' }, ADMIN]),
  ],
  [
    'a user of MongoDB who may do everything',
    'access_too_wide',
    edit(...MONGODB, [...ROLES], [READ_WRITE, ADMIN, { name: 'root', db: 'admin' }]),
  ],
  [
    'a role of another database',
    'access_too_wide',
    edit(...MONGODB, [...ROLES], [READ_WRITE, ADMIN, { name: 'readWrite', db: 'config' }]),
  ],
  [
    'a user of Kafka with a certificate, where apps have a password',
    'login_wrong',
    edit('KafkaUser', 'wiber-gateway', ['spec', 'authentication'], { type: 'tls' }),
  ],
  ['the user of another app at Kafka', 'login_wrong', variable('gateway', 'KAFKA_SASL_USERNAME', 'wiber-ingest')],
  ['the user of another app at MongoDB', 'login_wrong', variable('ingest', 'MONGO_USERNAME', 'wiber-gateway')],
  [
    'the password of MongoDB for Kafka',
    'login_wrong',
    setting('KAFKA_SASL_PASSWORD_FILE', () => '/etc/wiber/mongodb-password'),
  ],
  ['Kafka without TLS where its listener has it', 'login_wrong', setting('KAFKA_SSL', () => 'false')],
  [
    'another mechanism than that of the listener',
    'login_wrong',
    setting('KAFKA_SASL_MECHANISM', () => 'scram-sha-256'),
  ],
];

/** Who logs in at Kafka and MongoDB, and what they may do. */
export const LOGIN_MISTAKES: readonly PlantedMistake[] = PLANTS.map(([name, code, plant]) => ({
  name,
  code,
  overlay: 'production',
  plant,
}));
