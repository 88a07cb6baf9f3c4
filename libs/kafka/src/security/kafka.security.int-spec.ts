import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createServer } from 'node:tls';
import { Kafka } from 'kafkajs';
import { OwnServers, eventually, freshSystem } from '@wiber/harness';
import { createKafka, kafkaConfig } from '../client/kafka.client.ts';
import { socketFactoryOf } from '../client/socket.factory.ts';
import type { LogBatch } from '../consume/batch.outcome.ts';
import { BatchKafkaServer } from '../consume/batch.server.ts';
import { KafkaProbe } from '../probe/kafka.probe.ts';
import { LogProducer } from '../produce/log.producer.ts';
import { SASL_MECHANISMS, type KafkaSecurity, type SaslMechanism } from './kafka.security.ts';
import { LoginProxy } from './login.proxy.double-spec.ts';

let servers: OwnServers;
let identity: { ca: string; server: string };
let password: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  servers = await OwnServers.start({}, { secure: true });
  const { KAFKA_SSL_CA_FILE: caFile = '', KAFKA_SASL_PASSWORD_FILE: passwordFile = '' } = servers.kafkaLogin;
  identity = { ca: readFileSync(caFile, 'utf8'), server: readFileSync(join(dirname(caFile), 'server.pem'), 'utf8') };
  password = readFileSync(passwordFile, 'utf8');
}, 120_000);

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

afterAll(async () => {
  await servers?.close();
});

const log = () => undefined;
const securityWith = (mechanism: SaslMechanism = 'scram-sha-512', given = password): KafkaSecurity => ({
  tls: () => ({ ca: identity.ca }),
  sasl: { mechanism, credentials: () => ({ username: 'wiber', password: given }) },
});

const topicsOf = async (security: KafkaSecurity): Promise<string[]> => {
  const probe = new KafkaProbe(createKafka({ brokers: servers.kafka, clientId: 'spec', log, security }));
  try {
    return await probe.topicNames(10_000);
  } finally {
    await probe.close();
  }
};

test.each(SASL_MECHANISMS)('a client logs in with %s over TLS', async (mechanism) => {
  expect(await topicsOf(securityWith(mechanism))).toContain('wiber.messages');
});

test.each<[string, () => KafkaSecurity]>([
  ['without TLS', () => ({ sasl: securityWith().sasl })],
  ['that does not know the CA', () => ({ ...securityWith(), tls: () => ({}) })],
  ['without a login', () => ({ tls: securityWith().tls })],
  ['with a wrong password', () => securityWith('scram-sha-512', 'wrong')],
  ['with a wrong password of PLAIN', () => securityWith('plain', 'wrong')],
])('a client %s gets nothing', async (_, security) => {
  await expect(topicsOf(security())).rejects.toThrow();
});

test('a certificate for another name is refused: TLS checks the names of brokers', async () => {
  const proxy = await LoginProxy.start({ host: '127.0.0.1', port: Number(servers.kafka[0]!.split(':')[1]) }, identity);
  closing.push(() => proxy.close());
  const socket = socketFactoryOf(() => ({ ca: identity.ca }))({
    host: '127.0.0.3',
    port: proxy.port,
    ssl: {},
    onConnect: () => undefined,
  });
  const outcome = await new Promise<string>((resolve) => {
    socket.once('error', ({ message }) => resolve(message));
    socket.once('secureConnect', () => resolve('connected'));
  });
  socket.destroy();
  expect(outcome).not.toBe('connected');
});

test('a client shows its certificate to a broker that asks for one', async () => {
  const { ca, server: own } = identity;
  const broker = createServer({ key: own, cert: own, ca, requestCert: true, rejectUnauthorized: true });
  const shown = new Promise<string>((resolve) =>
    broker.once('secureConnection', (socket) => resolve(String(socket.getPeerCertificate().subject.CN))),
  );
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const { port } = broker.address() as AddressInfo;
  const openSocket = socketFactoryOf(() => ({ ca, cert: own, key: own }));
  const socket = openSocket({ host: '127.0.0.1', port, ssl: {}, onConnect: () => undefined });
  expect(await shown).toBe('Wiber local server');
  socket.destroy();
  await new Promise((resolve) => broker.close(resolve));
});

/** A producer and an ingest without a store whose connections all pass the proxy. */
const startClients = async (proxy: LoginProxy) => {
  const env = await freshSystem(servers);
  const { KAFKA_TOPIC: topic = '', KAFKA_CONSUMER_GROUP: groupId = '' } = env;
  const lines: string[] = [];
  const noteLine = (_: string, line: string, detail: object) => {
    lines.push(`${line} ${(detail as { error?: Error }).error?.message ?? ''}`);
  };
  const settings = { brokers: servers.kafka, clientId: 'spec', log: noteLine, security: securityWith() };
  const openSocket = socketFactoryOf(settings.security.tls);
  const kafka = new Kafka({
    ...kafkaConfig(settings),
    socketFactory: (call) => openSocket({ ...call, port: proxy.port }),
  });
  const producer = new LogProducer({ kafka, topic, log: noteLine });
  const stored: string[] = [];
  const server = new BatchKafkaServer({
    kafka,
    groupId,
    sessionTimeoutMs: 6000,
    policy: { type: 'retry', backoff: { type: 'exponential-full-jitter', baseMs: 50, capMs: 500 }, maxFailures: 3 },
    deadLetters: { topic, publish: () => Promise.reject(new Error('none is expected')) },
    log: noteLine,
  });
  const store = async (batches: LogBatch[]) => {
    stored.push(...batches.flatMap(({ records }) => records.map(({ value }) => String(value))));
    return { type: 'done', rejected: [] };
  };
  server.addHandler(topic, store as never);
  await producer.connect();
  await server.listen(() => undefined);
  closing.push(async () => {
    await server.close();
    await producer.close(5000);
  });
  return { producer, server, stored, lines };
};

test('logins that are not answered end no consumer and no producer for good: both go on once they are, and nothing acknowledged is lost', async () => {
  const proxy = await LoginProxy.start({ host: '127.0.0.1', port: Number(servers.kafka[0]!.split(':')[1]) }, identity);
  closing.push(() => proxy.close());
  const { producer, server, stored, lines } = await startClients(proxy);
  const acknowledged: string[] = [];
  const send = async (value: string): Promise<void> => {
    await producer.send({ key: 'one', value });
    acknowledged.push(value);
  };
  await send('before');
  await eventually(() => expect([server.isConsuming, stored]).toEqual([true, ['before']]));
  proxy.isHanging = true;
  proxy.cutAll();
  // Some of each: of the producers, of the consumer and of the questions for leaders.
  await eventually(
    async () => {
      await send('meanwhile').catch(() => undefined);
      expect(proxy.unanswered).toBeGreaterThan(5);
      expect(lines).toContainEqual(expect.stringMatching(/The login failed: Request SaslAuthenticate.* timed out/));
    },
    { within: 60_000 },
  );
  await eventually(() => expect(server.isConsuming).toBe(false), { within: 60_000 });
  proxy.isHanging = false;
  await eventually(() => send('after'), { within: 60_000 });
  await eventually(() => expect(server.isConsuming).toBe(true), { within: 60_000 });
  await eventually(() => expect(stored).toEqual(expect.arrayContaining(acknowledged)));
  // One lane: nothing has overtaken.
  const firsts = stored.filter((value, index) => stored.indexOf(value) === index);
  expect(firsts.at(0)).toBe('before');
  expect(firsts.at(-1)).toBe('after');
}, 240_000);
