import {
  LogReader,
  forgetTerm,
  readCountedTo,
  readWindows,
  recountWindows,
  type FiguresNames,
  type WindowFigures,
} from '@wiber/evidence';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { append, messageOf } from './log.client.ts';

/** It looks at its lease once in 50 minutes, so it leads on, whatever the lease says. */
const NEVER_LOOKS = {
  METRICS_LEASE_TTL_MS: '3600000',
  METRICS_LEASE_RENEW_MS: '3590000',
  METRICS_LEASE_RETRY_MS: '2900000',
};
const BATCHES = 60;

let env: Record<string, string>;
let names: FiguresNames;
let log: LogReader;
const workers: AppProcess[] = [];

const start = async (instance: string, lease: Record<string, string>): Promise<AppProcess> => {
  const worker = await AppProcess.start('metrics', { ...env, ...lease, INSTANCE: instance, METRICS_PERIOD_MS: '100' });
  workers.push(worker);
  return worker;
};

const send = () =>
  append(
    env,
    Array.from({ length: 20 }, (_, index) => messageOf(index)),
  );

/** Resolves when the log is counted to its end. */
const whenCounted = async (): Promise<void> => {
  const ends = (await log.bounds(names.topic))!.map(({ high }) => high);
  await eventually(async () => {
    const counted = (await readCountedTo(names))?.next.accepted;
    expect(ends.map((_, partition) => counted?.get(partition) ?? 0)).toEqual(ends);
  });
};

/** The runs of the task that counts. */
const rounds = (worker: AppProcess) =>
  worker.metric('wiber_leader_task_duration_seconds_count', {
    labels: { task: 'aggregate', outcome: 'done' },
    orZero: true,
  });

const byKey = (windows: readonly WindowFigures[]) =>
  new Map(
    windows.map(({ stream, span, start: at, partition, ...figures }) => [
      `${stream} ${span} ${at} ${partition}`,
      figures,
    ]),
  );

beforeAll(async () => {
  env = await freshSystem();
  log = await LogReader.open(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','));
  const { MONGO_URI = '', MONGO_DB = '', KAFKA_TOPIC = '' } = env;
  names = { mongoUri: MONGO_URI, database: MONGO_DB, collection: 'messages', topic: KAFKA_TOPIC };
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
  await log?.close();
});

test('two workers that both lead and count at once, each for the whole time and in the same term, count each record once: every window equals a recount', async () => {
  const first = await start('worker-1', NEVER_LOOKS);
  await eventually(async () => expect(await first.metric('wiber_leader_term')).toBe(1));
  // No election gives one term to two; then MongoDB would refuse the writes of one of them.
  await forgetTerm(names);
  const second = await start('worker-2', NEVER_LOOKS);
  await eventually(async () => expect(await second.metric('wiber_leader_term')).toBe(1));
  // Each of them counts what comes, also alone.
  for (const paused of [first, second]) {
    paused.signal('SIGSTOP');
    await send();
    await whenCounted();
    paused.signal('SIGCONT');
  }
  const before = await Promise.all([rounds(first), rounds(second)]);
  for (let batch = 0; batch < BATCHES; batch += 1) await send();
  await whenCounted();
  // Both led to the end, and both counted.
  expect(await Promise.all([first, second].map((worker) => worker.metric('wiber_leader_term')))).toEqual([1, 1]);
  const after = await Promise.all([rounds(first), rounds(second)]);
  for (const [index, done] of after.entries()) expect(done).toBeGreaterThan(before[index]!);

  expect(byKey(await readWindows(names))).toEqual(
    byKey(await recountWindows(log, names, (await readCountedTo(names))!)),
  );
}, 180_000);
