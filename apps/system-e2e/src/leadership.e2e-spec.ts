import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { Store, type ShownLease } from '@wiber/mongo';

const TTL_MS = 1500;
const TIMES = { METRICS_LEASE_TTL_MS: String(TTL_MS), METRICS_LEASE_RENEW_MS: '900', METRICS_LEASE_RETRY_MS: '250' };

let env: Record<string, string>;
let workers: Map<string, AppProcess>;
let store: Store;

const start = async (instance: string) => {
  workers.set(instance, await AppProcess.start('metrics', { ...env, ...TIMES, INSTANCE: instance }));
};

beforeAll(async () => {
  env = await freshSystem();
  workers = new Map();
  await Promise.all(['metrics-1', 'metrics-2', 'metrics-3'].map(start));
  store = Store.connect({
    uri: env['MONGO_URI']!,
    database: env['MONGO_DB']!,
    collection: 'messages',
    serverSelectionMs: 2000,
    appName: 'spec',
  });
  await store.open();
});

afterAll(async () => {
  await Promise.all([...workers.values()].map((worker) => worker.end('SIGKILL')));
  await store?.close();
});

const show = (): Promise<ShownLease> =>
  store.leaseReader().show(`metrics:${env['KAFKA_TOPIC']}`, { limit: 100, withinMs: 5000 });

/** The workers that say that they lead, in the term that they say. A worker that is stopped or gone is left out. */
const leading = async (of = [...workers.keys()]): Promise<{ instance: string; term: number }[]> => {
  const terms = await Promise.all(
    of.map(async (instance) => ({ instance, term: await workers.get(instance)!.metric('wiber_leader_term') })),
  );
  return terms.filter(({ term }) => term > 0);
};

/** Resolves to the one leader, once there is one in a term over this. */
const leaderAfter = (term: number, of?: string[]) =>
  eventually(async () => {
    const leaders = await leading(of);
    expect(leaders).toHaveLength(1);
    expect(leaders[0]!.term).toBeGreaterThan(term);
    expect((await show()).holder).toMatchObject({ holder: leaders[0]!.instance, term: leaders[0]!.term });
    return leaders[0]!;
  });

test('of three workers one leads; after it is killed, paused or stopped another does, in a higher term, and the history says how each term ended', async () => {
  const first = await leaderAfter(0);

  await workers.get(first.instance)!.end('SIGKILL');
  workers.delete(first.instance);
  const second = await leaderAfter(first.term);
  await start(first.instance);

  // A pause of more than the ttl: the process does not know how long it was away.
  const paused = workers.get(second.instance)!;
  paused.signal('SIGSTOP');
  const others = [...workers.keys()].filter((instance) => instance !== second.instance);
  const third = await leaderAfter(second.term, others);
  paused.signal('SIGCONT');
  await eventually(async () => expect(await paused.metric('wiber_leader_terms_ended_total')).toBe(1));
  expect(await leaderAfter(second.term)).toEqual(third);

  expect(await workers.get(third.instance)!.end('SIGTERM')).toBe(0);
  workers.delete(third.instance);
  const last = await leaderAfter(third.term);

  const { history } = await show();
  const endOf = (term: number) => history.find((one) => one.term === term);
  expect(endOf(first.term)).toMatchObject({ holder: first.instance, end: 'expired' });
  expect(endOf(second.term)).toMatchObject({ holder: second.instance, end: 'expired' });
  expect(endOf(third.term)).toMatchObject({ holder: third.instance, end: 'released' });
  expect(history.map(({ term }) => term)).toEqual(
    Array.from({ length: last.term - 1 }, (_, index) => last.term - 1 - index),
  );
});
