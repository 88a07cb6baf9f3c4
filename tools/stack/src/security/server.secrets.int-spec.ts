import { X509Certificate, randomUUID } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { securedListeners, userArguments } from '../kafka/kafka.security.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { StackError } from '../stack.errors.ts';
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

test.each<[string, string, (file: string) => void, RegExp]>([
  [
    'an authority that is gone',
    'ca.pem',
    (file) => rmSync(file),
    /ca\.pem can't be read \(ENOENT\); remove ca\.pem and /,
  ],
  [
    'a certificate that is cut',
    'server.pem',
    (file) => truncateSync(file, 400),
    /server\.pem holds no whole certificate/,
  ],
  [
    'a certificate without its key',
    'server.pem',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/^[^]*(?=-----BEGIN CERTIFICATE)/, '')),
    /server\.pem holds no key of its certificate/,
  ],
  [
    'an empty password',
    'wiber.password',
    (file) => truncateSync(file),
    /wiber\.password holds no whole password; put it/,
  ],
  ['a cut key of the set', 'mongo.key', (file) => truncateSync(file, 10), /mongo\.key holds no whole password/],
])('%s ends the start with one line that names the file and what to do', async (_, name, damage, line) => {
  const folder = join(temp.path, `damaged-${randomUUID()}`, 'secrets');
  await serverSecrets(folder);
  damage(join(folder, name));
  const refusal = serverSecrets(folder);
  await expect(refusal).rejects.toThrow(StackError);
  await expect(refusal).rejects.toThrow(line);
  await expect(refusal).rejects.not.toThrow(/\n/);
});

test('a password that is gone is refused once a broker was set up with it: a new one would open nothing', async () => {
  const folder = join(temp.path, 'set-up', 'secrets');
  await serverSecrets(folder);
  rmSync(join(folder, 'wiber.password'));
  await serverSecrets(folder);
  temp.write('set-up/kafka-1/data/meta.properties', 'version=1');
  for (const user of ['wiber', 'broker']) {
    cpSync(join(folder, `${user}.password`), join(temp.path, 'kept'));
    rmSync(join(folder, `${user}.password`));
    const refusal = serverSecrets(folder);
    await expect(refusal).rejects.toThrow(StackError);
    await expect(refusal).rejects.toThrow(
      `${user}.password is gone; put it back, or remove ${join(temp.path, 'set-up')} with`,
    );
    cpSync(join(temp.path, 'kept'), join(folder, `${user}.password`));
  }
  rmSync(join(folder, 'root.password'));
  await expect(serverSecrets(folder)).resolves.toMatchObject({
    passwords: { root: expect.stringMatching(/^[0-9a-f]{48}$/) },
  });
});

test('an authority of another start is refused; without both files the next start makes new ones', async () => {
  const [one, other] = ['one', 'other'].map((name) => join(temp.path, name, 'secrets')) as [string, string];
  await Promise.all([one, other].map(serverSecrets));
  cpSync(join(other, 'ca.pem'), join(one, 'ca.pem'));
  await expect(serverSecrets(one)).rejects.toThrow(/server\.pem is signed by another authority than ca\.pem; remove /);
  for (const name of ['ca.pem', 'server.pem']) rmSync(join(one, name));
  await expect(serverSecrets(one)).resolves.toMatchObject({ ca: expect.stringContaining('BEGIN CERTIFICATE') });
});
