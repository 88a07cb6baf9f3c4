import { AppProcess, freshSystem, testServers } from '@wiber/harness';
import type { Invariant } from '../checker/violation.ts';
import { DEFAULT_COLLECTION } from '@wiber/contracts';
import { BUGS, type Bug } from '../mutations/mutants.ts';
import { environmentOf } from '../mutations/mutation.environment.ts';
import { Progress } from '../progress.ts';
import { play } from './mutant.run.ts';
import type { Ground } from './scenario.context.ts';

const progress = new Progress({ write: () => undefined });
afterAll(() => progress.end());

/** The apps of a system of one's own on the servers of this run, with these plants in their build. */
const startApps = async (plants: string[], gateways: number) => {
  const names = await freshSystem();
  const env = { ...names, ...(plants.length > 0 ? environmentOf(plants) : {}) };
  const apps: AppProcess[] = [];
  // One after the other: each has the machine for itself while it starts.
  for (const name of ['ingest', ...Array.from({ length: gateways }, () => 'gateway' as const)] as const)
    apps.push(await AppProcess.start(name, env));
  const { kafka, mongoUri } = testServers();
  const ground: Ground = {
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
    tell: () => Promise.reject(new Error('other specs use these servers')),
  };
  const close = () => Promise.all(apps.map((app) => app.end('SIGKILL')));
  return { ground, close };
};

const bugNamed = (name: string): Bug => BUGS.find((bug) => bug.name === name)!;

/** Those that need no fault: what they break shows on servers that others use meanwhile. */
const CAUGHT: [string, number, Invariant[]][] = [
  ['no-unique-index', 2, ['acked-exactly-once', 'no-duplicate']],
  ['failed-part-committed', 2, ['acked-exactly-once', 'offsets-covered']],
  ['paging-by-time-alone', 1, ['read-back-exactly-once']],
];

const brokenBy = async (bug: Bug, plants: string[], gateways: number): Promise<Invariant[]> => {
  const { ground, close } = await startApps(plants, gateways);
  try {
    const verdicts = await play(bug, ground, progress);
    return verdicts.flatMap(({ invariant, broken }) => (broken > 0 ? [invariant] : []));
  } finally {
    await close();
  }
};

test.each(CAUGHT)('%s is planted and caught, by the promises that it breaks', async (name, gateways, invariants) => {
  expect(await brokenBy(bugNamed(name), [name], gateways)).toEqual(expect.arrayContaining(invariants));
});

test.each(CAUGHT)('without %s the same steps break no promise', async (name, gateways) => {
  expect(await brokenBy(bugNamed(name), [], gateways)).toEqual([]);
});

test('an app whose plant does not fit its build ends with a word that says so, and never runs unplanted', async () => {
  const env = environmentOf(['no-such-bug']);
  const { code, output } = await AppProcess.runToEnd('ingest', env);
  expect(code).toBe(70);
  expect(output).toMatch(/^plant: there is no plant no-such-bug; there are one-send-for-partitions, /);
});
