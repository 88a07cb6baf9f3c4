import { DEFAULT_COLLECTION } from '@wiber/contracts';
import { AppProcess, freshSystem, testServers } from '@wiber/harness';
import type { Invariant } from '../checker/violation.ts';
import { mutationEnvironment } from '../mutations/mutation.environment.ts';
import { MUTANTS } from '../mutations/mutants.ts';
import type { Mutant } from '../mutations/mutation.ts';
import { Progress } from '../progress.ts';
import { leaseEnvironment } from '../workers.ts';
import { runScenario } from './mutant.run.ts';
import type { ScenarioSystem } from './scenario.context.ts';
import { scenarioOf } from './scenarios.ts';

const progress = new Progress({ write: () => undefined });
afterAll(() => progress.end());

/** The first app is ingest, the others are gateways. */
const instanceOf = (apps: AppProcess[], instance: string): AppProcess => {
  const app = instance === 'ingest-1' ? apps[0] : apps[Number(/^gateway-(\d+)$/.exec(instance)?.[1])];
  if (!app) throw new Error(`this system runs no ${instance}`);
  return app;
};

/** The metrics workers of a scenario that looks at them. A worker can be stopped in order and started again. */
class Workers {
  readonly urls = new Map<string, string>();
  private readonly env: Record<string, string>;
  private readonly running = new Map<string, AppProcess>();

  constructor(env: Record<string, string>) {
    this.env = env;
  }

  async start(instance: string): Promise<void> {
    const worker = await AppProcess.start('metrics', { ...this.env, INSTANCE: instance });
    this.running.set(instance, worker);
    this.urls.set(instance, worker.url);
  }

  async tell(operation: string, instance: string): Promise<void> {
    if (operation === 'start') return this.start(instance);
    if (operation !== 'stop')
      throw new Error(`no worker can be told to ${operation}, and other specs use these servers`);
    await this.running.get(instance)?.end();
  }

  async end(): Promise<void> {
    await Promise.all([...this.running.values()].map((worker) => worker.end('SIGKILL')));
  }
}

/** Starts apps with these mutations on the servers of this test run, with a topic and a database of their own. */
const startApps = async (mutant: Mutant, mutations: string[], gateways: number) => {
  const names = await freshSystem();
  const env = { ...names, ...(mutations.length > 0 ? mutationEnvironment(mutations) : {}) };
  const apps: AppProcess[] = [];
  // One after the other: apps that start together are slow on a small machine.
  for (const name of ['ingest', ...Array.from({ length: gateways }, () => 'gateway' as const)] as const)
    apps.push(await AppProcess.start(name, env));
  const { counts, workers: times } = scenarioOf(mutant);
  const workers = new Workers({ ...env, ...(times ? leaseEnvironment(times) : {}) });
  for (let index = 1; times && index <= (counts.metrics ?? 0); index += 1) await workers.start(`metrics-${index}`);
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
    tell: (operation, name) => workers.tell(operation, name),
    workers: workers.urls,
  };
  const close = () => Promise.all([workers.end(), ...apps.map((app) => app.end('SIGKILL'))]);
  return { system, close };
};

const mutantNamed = (name: string): Mutant => MUTANTS.find((mutant) => mutant.name === name)!;

/** Name, number of gateways, broken promises. These mutants need no fault, so they run on shared servers. */
const CAUGHT: [string, number, Invariant[]][] = [
  ['no-unique-index', 2, ['acked-exactly-once', 'no-duplicate']],
  ['failed-part-committed', 2, ['acked-exactly-once', 'offsets-covered']],
  ['paging-by-time-alone', 1, ['read-back-exactly-once']],
  ['lease-deleted-on-release', 1, ['one-effective-leader']],
];

const brokenBy = async (mutant: Mutant, mutations: string[], gateways: number): Promise<Invariant[]> => {
  const { system, close } = await startApps(mutant, mutations, gateways);
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
