import { StackRefusal } from '@wiber/harness';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/faults.ts';
import { planSteps } from './fault.plan.ts';
import { runNemesis, type NemesisPlan } from './nemesis.ts';
import type { NemesisPorts } from './nemesis.ports.ts';
import { processKindOf } from './process.kind.ts';

const firstSteps = (seed: number) => {
  const steps = planSteps(FAULTS, seed);
  return FAULTS.flatMap(() => [steps.next().value!, steps.next().value!]);
};

test('the same seed plans the same faults, in the same order and with the same durations; another seed plans others', () => {
  expect(firstSteps(7)).toEqual(firstSteps(7));
  expect(firstSteps(8)).not.toEqual(firstSteps(7));
});

test('every fault comes once before any comes again', () => {
  const names = firstSteps(7).map(({ fault }) => fault.name);
  const all = FAULTS.map(({ name }) => name).sort();
  expect(names.slice(0, all.length).sort()).toEqual(all);
  expect(names.slice(all.length).sort()).toEqual(all);
});

test('all faults have different names', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

/** A clock that jumps to the end of the earliest pause as soon as no other work is left to do. */
class FakeClock {
  private time = 0;
  private readonly waiting: { at: number; wake: () => void }[] = [];
  readonly now = (): number => this.time;
  readonly pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const wake = () => (signal.aborted ? reject(signal.reason as Error) : resolve());
      this.waiting.push({ at: this.time + ms, wake });
      signal.addEventListener('abort', wake, { once: true });
      setImmediate(() => this.advance());
    });

  private advance(): void {
    this.waiting.sort((a, b) => a.at - b.at);
    const first = this.waiting.shift();
    if (!first) return;
    this.time = first.at;
    first.wake();
  }
}

const run = async (plan: Omit<NemesisPlan, 'seed' | 'untilMs'>) => {
  // The faults of this spec do not use the context. Each broker leads the partition of its number.
  const ledBy = async (broker: string) => [Number(broker.split('-')[1])];
  const context = { ledBy, controllerAt: () => 'kafka-2' } as unknown as NemesisPorts['context'];
  const { now, pause } = new FakeClock();
  const ports = { context, now, pause, say: () => undefined, showPhase: () => undefined };
  return { records: await runNemesis({ ...plan, seed: 3, untilMs: 120_000 }, ports) };
};

const fault = (name: string, change: Partial<Fault> = {}): Fault => ({
  name: `kill-${name}`,
  durationMs: [1000, 2000],
  aim: () => ({ target: name, touches: [name], takesDown: [processKindOf(name)] }),
  inject: async () => ({ target: name, pid: 1, heal: async () => undefined }),
  ...change,
});

test('several faults last at once, and never two that take down processes of one kind', async () => {
  const down = new Set<string>();
  const seen = { most: 0, conflicts: 0 };
  const names = ['kafka-1', 'kafka-2', 'mongo-1', 'mongo-2', 'ingest-1', 'gateway-1'];
  const faults = names.map((name) =>
    fault(name, {
      inject: async () => {
        if ([...down].some((other) => processKindOf(other) === processKindOf(name))) seen.conflicts += 1;
        down.add(name);
        seen.most = Math.max(seen.most, down.size);
        return { target: name, pid: 1, heal: async () => void down.delete(name) };
      },
    }),
  );
  const { records } = await run({ faults, mixed: 4 });
  expect(seen).toEqual({ most: expect.any(Number) as number, conflicts: 0 });
  expect(seen.most).toBeGreaterThan(1);
  expect(down.size).toBe(0);
  expect(records.length).toBeGreaterThan(10);
  expect(records.map(({ from }) => from)).toEqual(records.map(({ from }) => from).toSorted((a, b) => a - b));
});

test('when one fault fails, all others are healed and the run fails with its error', async () => {
  const healed: string[] = [];
  const injected = Promise.withResolvers<void>();
  const long = fault('kafka-1', {
    durationMs: [100_000, 100_000],
    inject: async () => {
      injected.resolve();
      return { target: 'kafka-1', heal: async () => void healed.push('kafka-1') };
    },
  });
  const failing = fault('mongo-1', {
    inject: async () => {
      await injected.promise;
      throw new Error('the stack refused');
    },
  });
  await expect(run({ faults: [long, failing], mixed: 6 })).rejects.toThrow('the stack refused');
  expect(healed).toEqual(['kafka-1']);
});

test('a failed heal is tried again', async () => {
  let tries = 0;
  const heal = async () => {
    tries += 1;
    if (tries === 1) throw new Error('not now');
  };
  const { records } = await run({
    faults: [fault('kafka-1', { durationMs: [100_000, 100_000], inject: async () => ({ target: 'kafka-1', heal }) })],
    mixed: 1,
  });
  expect(tries).toBe(2);
  expect(records).toHaveLength(1);
});

test('a record has the evidence of its fault, none where there is none, or the reason why the machine refused the fault', async () => {
  const durationMs: [number, number] = [25_000, 25_000];
  const heal = async () => undefined;
  const { records } = await run({
    faults: [
      fault('kafka-1', { durationMs, inject: async () => ({ target: 'kafka-1', heal, findEvidence: () => 'a line' }) }),
      fault('mongo-1', {
        durationMs,
        inject: async () => ({ target: 'mongo-1', heal, findEvidence: () => undefined }),
      }),
      fault('mongo-2', {
        durationMs,
        inject: async () => {
          throw new StackRefusal('start as root', 'small_disk_refused');
        },
      }),
    ],
    mixed: 1,
  });
  const evidenceOf = new Map(records.map(({ target, evidence }) => [target, evidence]));
  expect(evidenceOf.get('kafka-1')).toBe('a line');
  expect(evidenceOf.get('mongo-1')).toBeUndefined();
  expect(evidenceOf.get('mongo-2')).toBe('this machine refuses it: start as root');
});

test('a fault that would last longer than the load is shortened, and skipped when its shortest duration does not fit', async () => {
  const short = fault('kafka-1', { durationMs: [100_000, 500_000] });
  const { records } = await run({ faults: [short], mixed: 1 });
  expect(records).toHaveLength(1);
  expect((await run({ faults: [fault('kafka-1', { durationMs: [200_000, 200_000] })], mixed: 1 })).records).toEqual([]);
});

test('a record of a broker that is taken down has the partitions that it led, and whether it was the active controller; one of another process has neither', async () => {
  // A broker that is cut off from all others: the target of the report names them too.
  const isolated = fault('kafka-2', {
    inject: async () => ({ target: 'kafka-2–kafka-1', heal: async () => undefined }),
    aim: () => ({ target: 'kafka-2–kafka-1', touches: ['kafka-2', 'kafka-1'], takesDown: ['broker'] }),
  });
  const { records } = await run({ faults: [isolated, fault('mongo-1')], mixed: 1 });
  const ledOf = new Map(records.map(({ target, led }) => [target, led]));
  expect(ledOf.get('kafka-2–kafka-1')).toEqual([2]);
  const controllers = new Map(records.map(({ target, wasController }) => [target, wasController]));
  expect([controllers.get('kafka-2–kafka-1'), controllers.get('mongo-1')]).toEqual([true, undefined]);
  expect(ledOf.get('mongo-1')).toBeUndefined();
});
