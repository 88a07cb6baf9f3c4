import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import {
  DEFAULT_CONSUMER_GROUP,
  DEFAULT_DATABASE,
  DEFAULT_TOPIC,
  type Message,
  type ClocksDto,
} from '@wiber/contracts';
import { AppProcess, OwnSystem, appendRaw, eventually, freshSystem, kafkaClient, askAdmin } from '@wiber/harness';
import { StoreReader, commandMember } from '@wiber/evidence';
import { Store } from '@wiber/mongo';
import { page, post } from './api.client.ts';
import { allStored } from './log.client.ts';
import { OperatorClient } from './operator.client.ts';
import { leader, overview } from './stats.client.ts';

const STORE = { database: DEFAULT_DATABASE, collection: 'messages' };
/** Between two sends while all are refused. */
const PACE_MS = 50;
let system: OwnSystem;
let gateway: string;
let folder: string;

beforeAll(async () => {
  system = await OwnSystem.start({ gateway: 1, ingest: 1, metrics: 1 }, { secure: true });
  gateway = system.urlOf('gateway');
  folder = mkdtempSync(join(tmpdir(), 'wiber-secure-'));
}, 180_000);

afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const env = () => ({
  KAFKA_BOOTSTRAP_SERVERS: system.kafka.join(','),
  KAFKA_TOPIC: DEFAULT_TOPIC,
  KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
});
const message = (content: string) => ({ fromUser: 'ann', toUser: 'ben', content });
const passwordFile = () => system.kafkaLogin['KAFKA_SASL_PASSWORD_FILE']!;
const secrets = () => dirname(passwordFile());
/** The connection string without the login that `system.mongoUri` has. */
const bareUri = () => `mongodb://${system.run.mongo.map(({ address }) => address).join(',')}/?replicaSet=wiber`;
const REFUSED = 'Kafka refuses the login of this process';
/** Lines of the gateway's log. */
const countOf = (sentence: string): number =>
  readFileSync(join(system.logs, 'gateway-1.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(sentence)).length;
const apps = () => system.run.apps.map(({ instance, pid }) => `${instance} ${pid}`);

test('the whole path works encrypted and authenticated: send, store, read, dead letter, figures and leader', async () => {
  expect((await post(gateway, message('accepted'))).status).toBe(202);
  const stored = await post(gateway, message('stored'), { Prefer: 'wait=20' });
  expect(stored.status).toBe(201);
  expect((await page(gateway, ['ann', 'ben'])).map(({ content }) => content)).toEqual(['accepted', 'stored']);
  await appendRaw(env(), [{ key: 'a:b', partition: 0, value: Buffer.from('no message') }]);
  const operator = new OperatorClient(gateway, system.operatorToken);
  await eventually(async () => expect(await operator.list()).toHaveLength(1));
  await eventually(async () => expect(await leader(gateway)).toMatchObject({ term: expect.any(Number) }));
  await eventually(
    async () => expect(await overview(gateway)).toMatchObject({ countedAt: expect.any(Number), lag: 0 }),
    { within: 60_000 },
  );
}, 120_000);

test('the leader compares the clocks of all members, also where each connection is encrypted', async () => {
  const headers = { Authorization: `Bearer ${system.operatorToken}` };
  await eventually(
    async () => {
      const shown = await fetch(`${gateway}/stats/clocks`, { headers });
      expect(shown.status).toBe(200);
      const { clocks, unknown } = (await shown.json()) as ClocksDto;
      expect(unknown).toEqual([]);
      const members = clocks.filter(({ kind }) => kind === 'member').map(({ name }) => name);
      expect(members).toEqual(system.run.mongo.map(({ address }) => address));
    },
    { within: 60_000 },
  );
}, 90_000);

test('a client without TLS, without a login or with a wrong password is refused by Kafka and by MongoDB', async () => {
  const { ssl, sasl } = { ssl: { ca: readFileSync(join(secrets(), 'ca.pem'), 'utf8') }, sasl: wrongSasl() };
  const retry = { retries: 0 };
  const asks = (options: object) =>
    askAdmin(kafkaClient(system.kafka, { retry, requestTimeout: 3000, ...options }), (admin) => admin.listTopics());
  await expect(asks({ ssl: undefined })).rejects.toThrow();
  await expect(asks({ ssl, sasl: undefined })).rejects.toThrow();
  await expect(asks({ ssl, sasl })).rejects.toThrow(/uthentication failed/);
  await expect(asks({})).resolves.toContain(DEFAULT_TOPIC);
  const tls = `&tls=true&tlsCAFile=${encodeURIComponent(join(secrets(), 'ca.pem'))}`;
  const opens = async (uri: string): Promise<void> => {
    const store = Store.connect({ uri, ...STORE, serverSelectionMs: 2000, appName: 'spec' });
    await store.open().finally(() => store.close());
  };
  await expect(opens(bareUri())).rejects.toThrow();
  await expect(opens(`${bareUri()}${tls}`)).rejects.toThrow(/may not run/);
  await expect(opens(`${bareUri().replace('//', '//wiber:wrong@')}${tls}&authSource=admin`)).rejects.toThrow(
    /^MongoDB refuses the user of MONGO_URI/,
  );
}, 120_000);

const wrongSasl = () => ({ mechanism: 'scram-sha-512', username: 'wiber', password: 'wrong' }) as const;

test.each(['gateway', 'ingest', 'metrics'] as const)(
  'a %s whose first login is refused ends with one line that says what to correct, and shows no password',
  async (app) => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'a-wrong-password\n');
    const known = { ...(await freshSystem(system)), MONGO_URI: bareUri() };
    const store = { MONGO_TLS_CA_FILE: join(secrets(), 'ca.pem'), MONGO_USERNAME: 'wiber' };
    const right = { ...store, MONGO_PASSWORD_FILE: join(secrets(), 'wiber.password') };
    const kafka = await AppProcess.runToEnd(app, { ...known, ...right, KAFKA_SASL_PASSWORD_FILE: wrong });
    expect(kafka.code).toBe(1);
    expect(kafka.output).toMatch(/Kafka refuses the login: .*; correct KAFKA_SASL_USERNAME, /);
    const mongo = await AppProcess.runToEnd(app, { ...known, ...store, MONGO_PASSWORD_FILE: wrong });
    expect(mongo.code).toBe(1);
    expect(mongo.output).toMatch(/MongoDB refuses the user of MONGO_USERNAME: .*; correct the user, /);
    expect(kafka.output + mongo.output).not.toContain('a-wrong-password');
  },
  90_000,
);

test('a session of Kafka that ends is renewed: sends go on without one failure', async () => {
  // The brokers of the stack end a session after 20 s (connections.max.reauth.ms).
  const until = performance.now() + 45_000;
  const answers = new Map<number, number>();
  for (let count = 0; performance.now() < until; count += 1) {
    const { status } = await post(gateway, { fromUser: 'cat', toUser: `user${count % 20}`, content: `m${count}` });
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
  expect([...answers.keys()]).toEqual([202]);
}, 90_000);

test('while the password file is wrong for 30 s nothing is lost, and once it is right everything goes on without a restart', async () => {
  const before = apps();
  const right = readFileSync(passwordFile(), 'utf8');
  const acknowledged: Message[] = [];
  const send = async (content: string): Promise<number> => {
    const { status, body } = await post(gateway, { fromUser: 'eve', toUser: 'fay', content });
    if (status === 202) acknowledged.push(body as Message);
    return status;
  };
  expect(await send('before')).toBe(202);
  writeFileSync(passwordFile(), 'rotated-to-a-wrong-one');
  try {
    // Every connection ends with the broker, and no login succeeds afterwards.
    await system.tell('kill', 'kafka-1');
    await system.tell('launch', 'kafka-1');
    const until = performance.now() + 30_000;
    const refused = new Set<number>();
    // On a busy machine the broker may need longer to serve again, and then to refuse a login.
    for (let count = 0; performance.now() < until || countOf(REFUSED) === 0; count += 1) {
      refused.add(await send(`while wrong ${count}`));
      await pause(PACE_MS);
    }
    expect([...refused]).toEqual([503]);
  } finally {
    writeFileSync(passwordFile(), right);
  }
  await eventually(async () => expect(await send('after')).toBe(202), { within: 90_000 });
  const stored = await eventually(
    async () => {
      const answer = await post(gateway, { fromUser: 'eve', toUser: 'fay', content: 'stored' }, { Prefer: 'wait=20' });
      expect(answer.status).toBe(201);
      return answer.body as Message;
    },
    { within: 90_000 },
  );
  const store = await StoreReader.open(system.mongoUri, STORE);
  try {
    const ids = (await allStored(store)).map(({ messageId }) => messageId);
    for (const { messageId } of [...acknowledged, stored])
      expect(ids.filter((id) => id === messageId)).toEqual([messageId]);
  } finally {
    await store.close();
  }
  expect(apps()).toEqual(before);
  const refusals = countOf(REFUSED);
  // Not one for each try. A login with the old password may be refused after one with the new was accepted.
  expect([1, 2, 3]).toContain(refusals);
  expect(countOf('Kafka accepts the login of this process again')).toBe(refusals);
}, 300_000);

test('a password of MongoDB that is rotated while a gateway runs is used by its next connections, without a restart', async () => {
  const file = join(folder, 'rotating');
  const roles = ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor'];
  const change = async (call: object, pwd: string): Promise<void> => {
    await commandMember(system.run.mongo[0]!.address, { ...call, pwd });
    writeFileSync(file, pwd);
  };
  await change({ createUser: 'rotating', roles }, 'the-first');
  const [rotated] = await AppProcess.startAll([
    [
      'gateway',
      {
        ...(await freshSystem(system)),
        MONGO_URI: bareUri(),
        MONGO_TLS_CA_FILE: join(secrets(), 'ca.pem'),
        MONGO_USERNAME: 'rotating',
        MONGO_PASSWORD_FILE: file,
      },
    ],
  ]);
  try {
    expect(await page(rotated.url, ['a', 'b'])).toEqual([]);
    await change({ updateUser: 'rotating' }, 'the-second');
    // Every connection ends with the mongod.
    await system.tell('kill', 'mongo-1');
    await system.tell('start', 'mongo-1');
    await eventually(async () => expect(await page(rotated.url, ['a', 'b'])).toEqual([]), { within: 60_000 });
    expect(rotated.output).not.toMatch(/the-first|the-second/);
  } finally {
    await rotated.end();
  }
}, 180_000);

test('no log and no run.json holds a password', () => {
  const files = readdirSync(system.logs).map((name) => join(system.logs, name));
  const texts = [...files, join(dirname(system.logs), 'run.json')].map((file) => readFileSync(file, 'utf8')).join('\n');
  const passwords = readdirSync(secrets())
    .filter((name) => name.endsWith('.password') || name === 'mongo.key')
    .map((name) => readFileSync(join(secrets(), name), 'utf8'));
  expect(passwords).toHaveLength(4);
  for (const password of [...passwords, 'rotated-to-a-wrong-one']) expect(texts).not.toContain(password);
});
