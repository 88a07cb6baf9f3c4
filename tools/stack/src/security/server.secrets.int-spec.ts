import { X509Certificate } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { securedListeners, userArguments } from '../kafka/kafka.security.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { appVariables, operatorVariables } from './client.variables.ts';
import { serverSecrets } from './server.secrets.ts';

const temp = new TempFolder();
afterAll(() => temp.remove());
const BOTH = { kafka: [1], mongo: [1] };
const made = () => serverSecrets(join(temp.path, 'secrets'));

test('a certificate of the CA names each address under which this machine reaches its servers, and no other', async () => {
  const { ca, server } = await made();
  const certificate = new X509Certificate(server);
  expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  for (const address of ['127.0.0.1', '127.0.0.2', '::1']) expect(certificate.checkIP(address)).toBe(address);
  expect(certificate.checkIP('127.0.0.3')).toBeUndefined();
  expect(new Date(certificate.validTo).getFullYear()).toBe(new Date().getFullYear() + 10);
});

test('the next start has the same secrets, and only their owner may read them', async () => {
  const { fileOf: _, ...first } = await made();
  const { fileOf: __, ...second } = await made();
  expect(second).toEqual(first);
  expect(new Set(Object.values(first.passwords)).size).toBe(3);
  const folder = join(temp.path, 'secrets');
  const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
  expect([statSync(folder).mode & 0o777, ...new Set(modes)]).toEqual([0o700, 0o600]);
});

test('the variables for clients name files and hold no password', async () => {
  const secrets = await made();
  const text = JSON.stringify([appVariables(secrets, BOTH), operatorVariables(secrets)]);
  for (const password of [...Object.values(secrets.passwords), secrets.mongoKey]) expect(text).not.toContain(password);
  expect(operatorVariables(undefined)).toEqual({});
});

test('apps of servers that ask for nothing take no login from the environment; for servers that already ran they do', () => {
  const both = appVariables(undefined, BOTH);
  expect(both).toMatchObject({ KAFKA_SSL: '', KAFKA_SASL_MECHANISM: '', MONGO_TLS_CA_FILE: '', MONGO_USERNAME: '' });
  expect(new Set(Object.values(both))).toEqual(new Set(['']));
  expect(appVariables(undefined, { kafka: [], mongo: [] })).toEqual({});
  expect(Object.keys(appVariables(undefined, { ...BOTH, mongo: [] }))).not.toContain('MONGO_USERNAME');
});

test('brokers log in at each other with a user of their own, and every mechanism that apps may use is there', async () => {
  const secrets = await made();
  const text = securedListeners(secrets).properties.join('\n');
  expect(text).toContain(`username="broker" password="${secrets.passwords.broker}"`);
  expect(text).toContain('sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN');
  expect(userArguments(secrets).filter((argument) => argument === '--add-scram')).toHaveLength(4);
});
