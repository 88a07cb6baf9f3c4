import { DEFAULT_COLLECTION } from '@wiber/contracts';
import { AppProcess, freshSystem, testServers } from '@wiber/harness';
import type { Invariant } from '../checker/violation.ts';
import { mutationEnvironment } from '../mutations/mutation.environment.ts';
import { MUTANTS } from '../mutations/mutants.ts';
import type { Mutant } from '../mutations/mutation.ts';
import { Progress } from '../progress.ts';
import { runScenario } from './mutant.run.ts';
import type { ScenarioSystem } from './scenario.context.ts';

const progress = new Progress({ write: () => undefined });
afterAll(() => progress.end());

/** The first app is ingest, the others are gateways. */
const instanceOf = (apps: AppProcess[], instance: string): AppProcess => {
  const app = instance === 'ingest-1' ? apps[0] : apps[Number(/^gateway-(\d+)$/.exec(instance)?.[1])];
  if (!app) throw new Error(`this system runs no ${instance}`);
  return app;
};

/** Starts apps with these mutations on the servers of this test run, with a topic and a database of their own. */
const startApps = async (mutations: string[], gateways: number) => {
  const names = await freshSystem();
  const env = { ...names, ...(mutations.length > 0 ? mutationEnvironment(mutations) : {}) };
  const apps: AppProcess[] = [];
  // One after the other: apps that start together are slow on a small machine.
  for (const name of ['ingest', ...Array.from({ length: gateways }, () => 'gateway' as const)] as const)
    apps.push(await AppProcess.start(name, env));
  const { kafka, mongoUri } = testServers();
  const system: ScenarioSystem = {
    subject: {
      kafka,
      mongoUri,
      topic: names['KAFKA_TOPIC']!,
      group: names['KAFKA_CONSUMER_GROUP']!,
      database: names['MONGO_DB']!,
      collection: DEFAULT_COLLECTION,
      members: [{ id: 'mongo-1', address: new URL(mongoUri).host }],
    },
    gateways: apps.slice(1).map(({ url }) => url),
    urlOf: (instance) => instanceOf(apps, instance).url,
    tell: () => Promise.reject(new Error('other specs use these servers')),
  };
  const close = () => Promise.all(apps.map((app) => app.end('SIGKILL')));
  return { system, close };
};

const mutantNamed = (name: string): Mutant => MUTANTS.find((mutant) => mutant.name === name)!;

/** Name, number of gateways, broken promises. These mutants need no fault, so they run on shared servers. */
const CAUGHT: [string, number, Invariant[]][] = [
  ['no-unique-index', 2, ['acked-exactly-once', 'no-duplicate']],
  ['failed-part-committed', 2, ['acked-exactly-once', 'offsets-covered']],
  ['paging-by-time-alone', 1, ['read-back-exactly-once']],
];

const brokenBy = async (mutant: Mutant, mutations: string[], gateways: number): Promise<Invariant[]> => {
  const { system, close } = await startApps(mutations, gateways);
  try {
    const verdicts = await runScenario(mutant, system, progress);
    return verdicts.flatMap(({ invariant, broken }) => (broken > 0 ? [invariant] : []));
  } finally {
    await close();
  }
};

test.each(CAUGHT)(
  'the checker catches %s and reports the promises that it breaks',
  async (name, gateways, invariants) => {
    expect(await brokenBy(mutantNamed(name), [name], gateways)).toEqual(expect.arrayContaining(invariants));
  },
);

test.each(CAUGHT)('without the bug, the scenario of %s breaks no promise', async (name, gateways) => {
  expect(await brokenBy(mutantNamed(name), [], gateways)).toEqual([]);
});

test('an app whose mutation does not exist ends with code 70 and the reason, and never runs without the mutation', async () => {
  const env = mutationEnvironment(['no-such-mutant']);
  const { code, output } = await AppProcess.runToEnd('ingest', env);
  expect(code).toBe(70);
  expect(output).toMatch(/^mutation: there is no mutation no-such-mutant; there are one-send-for-partitions, /);
});
