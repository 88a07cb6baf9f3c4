import { jest } from '@jest/globals';
import type { LeaseStore } from '@wiber/mongo';
import { NO_TRACING } from '@wiber/observability';
import { DeadlineError, monotonicNow, type LeaseCall, type LeaseRecord } from '@wiber/resilience';
import { METRICS_ENV } from '../metrics.env.ts';
import { LOGGER } from '../metrics.logger.ts';
import type { Lead, LeaderTask } from './leader.task.ts';
import type { LeadershipMetrics } from './leadership.metrics.ts';
import { LeadershipTracer } from '../tracing/leadership.tracer.ts';
import { LeadershipService } from './leadership.service.ts';

const TTL_MS = METRICS_ENV.leaseTtlMs;
const MINUTE_MS = 60_000;

/** A lease in memory. `terms` has who took each term, and when. */
const leaseOf = () => {
  const terms: { worker: string; atMs: number }[] = [];
  let record: LeaseRecord & { expiresAtMs: number | undefined } = {
    term: 0,
    beat: 0,
    claim: undefined,
    expiresAtMs: undefined,
  };
  const take = (worker: string, claim: string) => {
    terms.push({ worker, atMs: monotonicNow() });
    record = { term: record.term + 1, beat: 0, claim, expiresAtMs: monotonicNow() + TTL_MS };
  };
  const answer = async (worker: string, call: LeaseCall): Promise<LeaseRecord | undefined> => {
    const isFree = record.claim === undefined || (record.expiresAtMs ?? 0) < monotonicNow();
    if (call.type === 'acquire' && isFree) take(worker, call.claim);
    else if (call.type === 'renew' && call.claim === record.claim)
      record = { ...record, beat: record.beat + 1, expiresAtMs: monotonicNow() + TTL_MS };
    else if (call.type === 'release' && call.claim === record.claim)
      record = { ...record, beat: record.beat + 1, claim: undefined, expiresAtMs: undefined };
    return record.term === 0 ? undefined : record;
  };
  return { terms, answer, isHeld: () => record.claim !== undefined };
};

/** Workers of one lease. Each counts once a second; `isAway` says from whom Kafka is away. */
const workersOf = (names: readonly string[]) => {
  const lease = leaseOf();
  const isAway = new Set<string>();
  const counted: string[] = [];
  const ended: string[] = [];
  const services = names.map((worker) => {
    const store = { call: (_lease: string, call: LeaseCall) => lease.answer(worker, call) } as unknown as LeaseStore;
    const metrics = { watch: () => undefined, called: () => undefined, taskRun: () => undefined } as object;
    const counting: LeaderTask = {
      name: 'aggregate',
      periodMs: 1000,
      run: async ({ signal }: Lead) => {
        expect(signal.aborted).toBe(false);
        if (isAway.has(worker)) throw new AggregateError([new DeadlineError('Kafka did not answer')]);
        counted.push(worker);
      },
    };
    const other: LeaderTask = { name: 'servers', periodMs: 15_000, run: async () => undefined };
    return new LeadershipService(
      store,
      { ...metrics, termEnded: (why: string) => void ended.push(why) } as unknown as LeadershipMetrics,
      { tasks: [counting, other], tracer: new LeadershipTracer(NO_TRACING) },
    );
  });
  return { ...lease, isAway, counted, ended, services };
};

beforeEach(() => {
  jest.useFakeTimers();
  for (const level of ['info', 'warn', 'error'] as const) jest.spyOn(LOGGER, level).mockReturnValue(undefined);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
/** Starts them one after the other, so that the first one leads, and stops them at the end. */
const running = async ({ services }: { services: LeadershipService[] }, work: () => Promise<void>) => {
  for (const service of services) {
    service.start();
    await pass(10);
  }
  try {
    await work();
  } finally {
    const stopped = Promise.all(services.map((service) => service.stop()));
    await pass(60_000);
    await stopped;
  }
};

test('a leader that does not reach Kafka for 8 ttl gives the lease back, and a worker that reaches Kafka counts, in one more term', async () => {
  const workers = workersOf(['cut', 'sound']);
  workers.isAway.add('cut');
  await running(workers, async () => {
    await pass(7.5 * TTL_MS);
    expect(workers.terms.map(({ worker }) => worker)).toEqual(['cut']);
    await pass(2 * TTL_MS);
    expect(workers.terms.map(({ worker }) => worker)).toEqual(['cut', 'sound']);
    expect(new Set(workers.counted)).toEqual(new Set(['sound']));
    expect(workers.ended).toEqual(['yielded']);
    await pass(5 * MINUTE_MS);
    expect(workers.terms).toHaveLength(2);
  });
});

test('while Kafka is away from all, terms become rare: a worker leads for 64 ttl in the end; whoever leads when it is back counts at once and goes on', async () => {
  const names = ['one', 'two', 'three'];
  const workers = workersOf(names);
  for (const name of names) workers.isAway.add(name);
  await running(workers, async () => {
    await pass(30 * MINUTE_MS);
    expect(workers.terms.length).toBeLessThanOrEqual(3 * 3 + Math.ceil((30 * MINUTE_MS) / (64 * TTL_MS)) + 1);
    expect(new Set(workers.terms.map(({ worker }) => worker))).toEqual(new Set(names));
    const { length } = workers.terms;
    workers.isAway.clear();
    await pass(2 * TTL_MS);
    expect(workers.counted.length).toBeGreaterThan(0);
    await pass(5 * MINUTE_MS);
    expect(workers.terms.length).toBeLessThanOrEqual(length + 1);
  });
}, 60_000);

test('a worker that is alone leads again after one ttl, and counts when Kafka is back', async () => {
  const workers = workersOf(['alone']);
  workers.isAway.add('alone');
  await running(workers, async () => {
    await pass(8 * TTL_MS + 1500);
    expect(workers.isHeld()).toBe(false);
    await pass(TTL_MS + 1000);
    expect(workers.isHeld()).toBe(true);
    expect(workers.terms).toHaveLength(2);
    workers.isAway.clear();
    await pass(2000);
    expect(workers.counted.length).toBeGreaterThan(0);
  });
});

test('a failover of Kafka that is over before 8 ttl have passed ends no term, however often it comes', async () => {
  const workers = workersOf(['first', 'second']);
  await running(workers, async () => {
    for (let time = 0; time < 20; time += 1) {
      workers.isAway.add('first');
      await pass(7 * TTL_MS);
      workers.isAway.delete('first');
      await pass(TTL_MS);
    }
    expect(workers.terms).toHaveLength(1);
  });
});
