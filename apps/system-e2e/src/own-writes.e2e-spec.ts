import { AppProcess, OwnServers, ReplicaSet, eventually, freshSystem, scheduleCount } from '@wiber/harness';
import { sendUntilStored, type Stored } from './api.client.ts';

/** WIBER_TEST_SCHEDULES=10000 makes them ten thousand. */
const WRITES = scheduleCount(400);
const WRITERS = 20;
/** Reads go to secondaries alone. */
const ON_SECONDARIES = { MONGO_READ_PREFERENCE: 'secondary', KAFKA_SESSION_TIMEOUT_MS: '6000' };

let servers: OwnServers;
let set: ReplicaSet;
const apps: AppProcess[] = [];
let gateways: AppProcess[];
let ingest: AppProcess;

beforeAll(async () => {
  servers = await OwnServers.start({ mongod: 3 });
  set = await ReplicaSet.takeOver(servers.mongoUri);
  const env = { ...(await freshSystem(servers)), ...ON_SECONDARIES };
  apps.push(
    ...(await AppProcess.startAll([
      ['ingest', { ...env, INSTANCE: 'ingest-1' }],
      ['ingest', { ...env, INSTANCE: 'ingest-2' }],
      ['gateway', { ...env, INSTANCE: 'gateway-1' }],
      ['gateway', { ...env, INSTANCE: 'gateway-2' }],
    ])),
  );
  ingest = apps[0]!;
  gateways = apps.slice(2);
}, 180_000);

afterAll(async () => {
  await Promise.all(apps.map((app) => app.end('SIGKILL')));
  await set?.close();
  await servers?.close();
});

test('each message that was answered 201 is found by its token at another gateway, on secondaries, while an ingest is killed and the primary steps down', async () => {
  let [written, found, refused] = [0, 0, 0];
  const missing: string[] = [];

  const read = (url: string, { message: { messageId }, token }: Stored): Promise<void> =>
    eventually(
      async () => {
        const { status } = await fetch(`${url}/messages/${messageId}`, { headers: { 'Causal-Token': token } });
        if (status === 503) {
          refused += 1;
          throw new Error('no secondary answers yet');
        }
        if (status === 200) found += 1;
        else missing.push(`${messageId}: ${status}`);
      },
      { within: 120_000 },
    );

  const writer = async (number: number): Promise<void> => {
    for (let turn = 0; turn < WRITES / WRITERS; turn += 1) {
      const [here, there] = turn % 2 === 0 ? [0, 1] : [1, 0];
      const body = { fromUser: `ann${number}`, toUser: 'ben', content: `write ${turn}` };
      const one = await sendUntilStored(gateways[here]!.url, body, { within: 120_000 });
      written += 1;
      await read(gateways[there]!.url, one);
    }
  };

  const reached = (share: number) =>
    eventually(() => expect(written).toBeGreaterThan(share * WRITES), { within: 900_000 });
  const breakThings = async (): Promise<void> => {
    await reached(1 / 4);
    await ingest.end('SIGKILL');
    await reached(1 / 2);
    const [next] = await set.secondaries();
    await set.stepUp(next!);
  };

  await Promise.all([breakThings(), ...Array.from({ length: WRITERS }, (_, number) => writer(number))]);
  process.stdout.write(
    `of ${written} messages ${found} were found by their token; ${refused} reads were refused first\n`,
  );
  expect(missing).toEqual([]);
  expect([written, found]).toEqual([WRITES, WRITES]);
}, 1_200_000);
