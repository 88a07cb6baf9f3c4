import { randomUUID } from 'node:crypto';
import { causalTokenOf, toStored, type Message, type StatsOverviewDto, type StoredMessage } from '@wiber/contracts';
import {
  StoreUnavailableError,
  type MessageReader,
  type MessageWriter,
  type Store,
  type StoreSettings,
} from '@wiber/mongo';
import { AppProcess, OwnServers, ReplicaSet, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';
import { openStore } from './log.client.ts';

const USERS = ['ann', 'ben'];
let servers: OwnServers;
let set: ReplicaSet;
let env: Record<string, string>;
let offset = 0;
const stores: Store[] = [];
const apps: AppProcess[] = [];

beforeAll(async () => {
  servers = await OwnServers.start({ mongod: 3 });
  set = await ReplicaSet.takeOver(servers.mongoUri);
  env = await freshSystem(servers);
  apps.push(await AppProcess.start('ingest', env));
}, 120_000);

afterAll(async () => {
  await Promise.all(apps.map((app) => app.end('SIGKILL')));
  await Promise.all(stores.map((store) => store.close()));
  await set?.close();
  await servers?.close();
});

/** A store that has not read or written anything yet. */
const freshStore = async (
  settings: Partial<StoreSettings>,
): Promise<{ reader: MessageReader; writer: MessageWriter }> => {
  const store = await openStore({ ...env, MONGO_DB: `${env['MONGO_DB']}-store` }, settings);
  stores.push(store);
  return { reader: store.messageReader(), writer: store.messageWriter() };
};
const at = (member: string, mode: 'secondary' | 'secondaryPreferred' | 'nearest' = 'secondary') => ({
  readPreference: { mode, tags: { member } },
});
const message = (content = 'hi'): StoredMessage => {
  const body = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 };
  return toStored(body, { partition: 0, offset: offset++ }, { storedAt: 1 });
};
const shows = async (
  { reader }: { reader: MessageReader },
  { messageId }: Message,
  withinMs = 10_000,
): Promise<boolean> => (await reader.byId(messageId, { withinMs })) !== null;

describe('the store', () => {
  test.each(['local', 'majority'] as const)(
    'with read concern %s a secondary that is behind shows old data; asked not to be older than a write, the read waits or goes to the primary',
    async (readConcern) => {
      const [behind, other] = (await set.secondaries()) as [string, string];
      await set.pauseReplication(behind);
      const one = message();
      const { writtenAt } = await (await freshStore({})).writer.store([one]);

      expect(await shows(await freshStore({ readConcern }), one)).toBe(true);
      expect(await shows(await freshStore({ readConcern, ...at(behind) }), one)).toBe(false);

      const seen = async (settings: Partial<StoreSettings>) => {
        const store = await freshStore({ readConcern, ...settings });
        store.reader.observe(writtenAt);
        return store;
      };
      expect(await shows(await seen({}), one)).toBe(true);
      expect(await shows(await seen(at(other)), one)).toBe(true);
      expect(await shows(await seen(at(behind, 'secondaryPreferred')), one, 900)).toBe(true);
      const strict = await seen(at(behind));
      await expect(shows(strict, one, 300)).rejects.toThrow(StoreUnavailableError);

      const waiting = shows(strict, one, 60_000);
      await set.resumeReplication(behind);
      expect(await waiting).toBe(true);
    },
  );

  test('a secondary that hangs costs a read only a part of its time, and the primary answers', async () => {
    const [hung] = (await set.secondaries()) as [string];
    const one = message();
    const { writtenAt } = await (await freshStore({})).writer.store([one]);
    const store = await freshStore(at(hung, 'secondaryPreferred'));
    store.reader.observe(writtenAt);
    await servers.tell('pause', hung);
    expect(await shows(store, one, 900)).toBe(true);
    await servers.tell('resume', hung);
  });

  test('a write that only a cut-off primary has is shown with local, never with majority, and is gone under the next primary', async () => {
    const [next, third] = (await set.secondaries()) as [string, string];
    const old = await set.primary();
    const atOld = at(old, 'nearest');
    const weak = await freshStore({ writeConcern: 1 });
    const safe = await freshStore({});
    const [local, majority] = [
      await freshStore({ readConcern: 'local', ...atOld }),
      await freshStore({ readConcern: 'majority', ...atOld }),
    ];
    // The hour of the next messages is written with majority before they are: afterwards it needs no write.
    await safe.writer.store([message('of the same hour')]);
    // Killed, not stopped: a stopped member still receives writes that were under way.
    for (const name of [next, third]) await servers.tell('kill', name);
    const [lost, kept] = [message('acknowledged by one'), message('acknowledged by none')];
    expect(await weak.writer.store([lost])).toMatchObject({ stored: 1 });
    let acknowledged = false;
    const write = safe.writer.store([kept]).then(
      () => (acknowledged = true),
      (error: unknown) => expect(error).toBeInstanceOf(StoreUnavailableError),
    );
    for (const one of [lost, kept]) {
      await eventually(async () => expect(await shows(local, one)).toBe(true));
      expect(await shows(majority, one)).toBe(false);
    }
    expect(acknowledged).toBe(false);

    await servers.tell('kill', old);
    const started = [next, third].map((name) => servers.tell('start', name));
    await set.stepUp(next);
    // The driver tries a write once more, on the new primary if there is one in time.
    await write;
    const marker = message('after the failover');
    await eventually(() => safe.writer.store([marker]));
    await Promise.all([...started, servers.tell('start', old)]);
    // The old primary has rolled back once it shows a write that only the other members had.
    await eventually(async () => expect(await shows(local, marker)).toBe(true), { within: 90_000 });
    expect(await shows(local, lost)).toBe(false);
    expect(await shows(await freshStore({ readConcern: 'local' }), lost)).toBe(false);
    // Ingest does the same with a batch that was not acknowledged.
    const { stored, alreadyStored } = await safe.writer.store([kept]);
    expect([stored + alreadyStored, await shows(await freshStore({}), kept)]).toEqual([1, true]);
  }, 240_000);
});

describe('the gateways', () => {
  const gateway = async (given: Record<string, string>): Promise<AppProcess> => {
    const app = await AppProcess.start('gateway', { ...env, ...given });
    apps.push(app);
    return app;
  };

  let plain: AppProcess;
  beforeAll(async () => {
    plain = await gateway({});
  });

  const send = async ({ url }: AppProcess, content: string) => {
    const { status, headers, body } = await post(
      url,
      { fromUser: USERS[0], toUser: USERS[1], content },
      { Prefer: 'wait=30' },
    );
    expect(status).toBe(201);
    const token = headers.get('causal-token') ?? '';
    expect(token).toMatch(/^[\da-f]{16}-[\da-f]+$/);
    return { messageId: (body as Message).messageId, token };
  };

  /** Reads by page, by user and by id. Returns true when all show the message, false when none does, or 503. */
  const read = async ({ url }: AppProcess, messageId: string, token?: string): Promise<boolean | number> => {
    const headers = token === undefined ? {} : { 'Causal-Token': token };
    const paths = [`${USERS.join('/')}?sort=log&order=desc`, messageId];
    const answers = await Promise.all(
      [...paths.map((path) => `/messages/${path}`), `/users/${USERS[0]}/messages`].map(async (path) => {
        const answer = await fetch(url + path, { headers });
        const body = await answer.text();
        if (answer.status === 503) return 503;
        return answer.ok && body.includes(messageId);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    return answers[0]!;
  };

  test('a message answered 201 is read at once at the same gateway, and at another one with its token, while the secondary is behind', async () => {
    const [behind] = (await set.secondaries()) as [string];
    const preferred = { MONGO_READ_PREFERENCE: `secondaryPreferred:member=${behind}` };
    const strict = { MONGO_READ_PREFERENCE: `secondary:member=${behind}`, READ_DEADLINE_MS: '1000' };
    const [here, there, only] = await Promise.all([preferred, preferred, strict].map(gateway));
    await set.pauseReplication(behind);
    const { messageId, token } = await send(here!, 'read your writes');

    expect(await read(here!, messageId)).toBe(true);
    expect(await read(plain, messageId)).toBe(true);
    expect(await read(there!, messageId)).toBe(false);
    expect(await read(there!, messageId, token)).toBe(true);
    // A gateway that has shown a message goes on showing it, also without a token.
    expect(await read(there!, messageId)).toBe(true);
    expect(await read(only!, messageId)).toBe(false);
    expect(await read(only!, messageId, token)).toBe(503);

    await set.resumeReplication(behind);
    await eventually(async () => expect(await read(only!, messageId, token)).toBe(true));
    expect(await read(only!, messageId)).toBe(true);
  }, 120_000);

  test('pages from two secondaries, one of them behind, never go back in time', async () => {
    const [behind] = (await set.secondaries()) as [string];
    const reader = await gateway({ MONGO_READ_PREFERENCE: 'secondaryPreferred', READ_DEADLINE_MS: '900' });
    await set.pauseReplication(behind);
    const { messageId } = await send(plain, 'monotonic');
    await eventually(async () => expect(await read(reader, messageId)).toBe(true));
    for (let turn = 0; turn < 10; turn += 1) expect(await read(reader, messageId)).toBe(true);
    await set.resumeReplication(behind);
  }, 120_000);

  test('while the primary fails, a message answered 201 is read at once at every gateway', async () => {
    const nodes = await Promise.all(
      ['primary', 'secondaryPreferred', 'nearest'].map((mode) => gateway({ MONGO_READ_PREFERENCE: mode })),
    );
    const before = await send(nodes[0]!, 'before the fall');
    const old = await set.primary();
    const [next] = await set.secondaries();
    await servers.tell('kill', old);
    const sent = send(nodes[1]!, 'during the fall');
    await set.stepUp(next!);
    const during = await sent;
    for (const { messageId, token } of [before, during]) {
      for (const node of nodes) {
        // 503 until the gateway has found the new primary; never an answer without the message.
        const found = await eventually(async () => {
          const answer = await read(node, messageId, token);
          if (answer === 503) throw new Error('not yet');
          return answer;
        });
        expect(found).toBe(true);
      }
    }
    await servers.tell('start', old);
  }, 180_000);

  test('figures are those of the primary also where messages are read from a secondary that is behind, and do not go back while there is no primary', async () => {
    apps.push(await AppProcess.start('metrics', env));
    const [behind, next] = (await set.secondaries()) as [string, string];
    const strict = await gateway({ MONGO_READ_PREFERENCE: `secondary:member=${behind}` });
    const counted = async ({ url }: AppProcess): Promise<number> => {
      const answer = await fetch(`${url}/stats/overview`);
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      return ((await answer.json()) as StatsOverviewDto).accepted.total;
    };
    await send(plain, 'counted');
    const before = await eventually(async () => {
      const total = await counted(strict);
      expect(total).toBeGreaterThan(0);
      return total;
    });
    await set.pauseReplication(behind);
    await send(plain, 'counted while a secondary is behind');
    await eventually(async () => expect(await counted(strict)).toBeGreaterThan(before));
    await set.resumeReplication(behind);

    const shown = await counted(strict);
    const old = await set.primary();
    // A write of after that look, so that the secondaries know that a majority has what was shown.
    await send(plain, 'before the fall');
    await servers.tell('kill', old);
    for (const node of [strict, plain]) expect(await eventually(() => counted(node))).toBeGreaterThanOrEqual(shown);
    await set.stepUp(next);
    await servers.tell('start', old);
  }, 180_000);

  test.each(['0', 'zzz', '68F0A1B200000001', '0000000000000001', '68f0a1b200000001, 68f0a1b200000002'])(
    'a Causal-Token of %j is refused with 400 and its name',
    async (token) => {
      for (const path of ['messages/ann/ben', 'messages/count', `messages/${randomUUID()}`, 'users/ann/messages']) {
        const answer = await fetch(`${plain.url}/${path}`, { headers: { 'Causal-Token': token } });
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({
          code: 'invalid_request',
          errors: [{ field: 'Causal-Token', message: expect.stringContaining('leave it out') }],
        });
      }
    },
  );

  test.each([
    ['half a minute ahead of the store', 30, 503, '1', 'store_behind'],
    ['that no store can have given', 3600, 409, null, 'causal_token_ahead'],
    ['of the year 2106', 0xffffffff, 409, null, 'causal_token_ahead'],
  ])('a Causal-Token %s is refused, and other reads continue', async (_, aheadS, status, retryAfter, code) => {
    const seconds = Math.min(0xffffffff, Math.floor(Date.now() / 1000) + aheadS);
    const future = { 'Causal-Token': causalTokenOf({ seconds, ordinal: 1 }) };
    const answer = await fetch(`${plain.url}/messages/ann/ben`, { headers: future });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await answer.json()).toMatchObject({ code });
    expect((await fetch(`${plain.url}/messages/ann/ben`)).status).toBe(200);
  });
});

describe('the settings', () => {
  test('ingest starts with a write concern weaker than majority, and warns once of what may be lost', async () => {
    const ingest = await AppProcess.start('ingest', { ...env, MONGO_WRITE_CONCERN: '1', KAFKA_CONSUMER_GROUP: 'weak' });
    apps.push(ingest);
    const warnings = ingest.output.split('\n').filter((line) => line.includes('MONGO_WRITE_CONCERN is 1'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('rolled back');
  });

  test.each(['4', 'no.such.mode'])(
    'a write concern of %s, which a set of three members can not meet, ends the start',
    async (w) => {
      const { code, output } = await AppProcess.runToEnd('ingest', {
        ...env,
        MONGO_WRITE_CONCERN: w,
        INGEST_PORT: '0',
      });
      expect(code).toBe(1);
      expect(output).toContain(`MONGO_WRITE_CONCERN is '${w}', which this replica set can't meet`);
    },
  );
});
