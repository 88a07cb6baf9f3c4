import { StackRefusal } from '@wiber/harness';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/faults.ts';
import { torment, type NemesisPorts, type Torment } from './nemesis.ts';
import { stepsOf } from './fault.plan.ts';
import { slotOf } from './fault.admission.ts';

const firstSteps = (seed: number) => {
  const steps = stepsOf(FAULTS, seed);
  return FAULTS.flatMap(() => [steps.next().value!, steps.next().value!]);
};

test('the same seed plans the same faults in the same order and for as long; another plans others', () => {
  expect(firstSteps(7)).toEqual(firstSteps(7));
  expect(firstSteps(8)).not.toEqual(firstSteps(7));
});

test('every fault comes once before any comes again', () => {
  const names = firstSteps(7).map(({ fault }) => fault.name);
  const all = FAULTS.map(({ name }) => name).sort();
  expect(names.slice(0, all.length).sort()).toEqual(all);
  expect(names.slice(all.length).sort()).toEqual(all);
});

test('each fault has a name of its own', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

/** A clock that goes on to the next who waits, once all else that can be done at this time is done. */
class Times {
  private time = 0;
  private readonly waiting: { at: number; wake: () => void }[] = [];
  readonly now = (): number => this.time;
  readonly pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const wake = () => (signal.aborted ? reject(signal.reason as Error) : resolve());
      this.waiting.push({ at: this.time + ms, wake });
      signal.addEventListener('abort', wake, { once: true });
      setImmediate(() => this.next());
    });

  private next(): void {
    this.waiting.sort((a, b) => a.at - b.at);
    const first = this.waiting.shift();
    if (!first) return;
    this.time = first.at;
    first.wake();
  }
}

const run = async (plan: Omit<Torment, 'seed' | 'untilMs'>) => {
  const said: string[] = [];
  // The faults here ask nothing of a system.
  const context = {} as NemesisPorts['context'];
  const { now, pause } = new Times();
  const ports = { context, now, pause, say: (line: string) => void said.push(line), phase: () => undefined };
  const records = await torment({ ...plan, seed: 3, untilMs: 120_000 }, ports);
  return { said, records };
};

const fault = (name: string, change: Partial<Fault> = {}): Fault => ({
  name: `kill-${name}`,
  lastsMs: [1000, 2000],
  aim: () => ({ target: name, touches: [name], takes: [slotOf(name)] }),
  inject: async () => ({ target: name, pid: 1, heal: async () => undefined }),
  ...change,
});

test('several are under way at once, and never two that take away one of the same kind', async () => {
  const now = new Set<string>();
  const seen = { most: 0, clashes: 0 };
  const names = ['kafka-1', 'kafka-2', 'mongo-1', 'mongo-2', 'ingest-1', 'gateway-1'];
  const faults = names.map((name) =>
    fault(name, {
      inject: async () => {
        if ([...now].some((other) => slotOf(other) === slotOf(name))) seen.clashes += 1;
        now.add(name);
        seen.most = Math.max(seen.most, now.size);
        return { target: name, pid: 1, heal: async () => void now.delete(name) };
      },
    }),
  );
  const { records } = await run({ faults, mixed: 4 });
  expect(seen).toEqual({ most: expect.any(Number) as number, clashes: 0 });
  expect(seen.most).toBeGreaterThan(1);
  expect(now.size).toBe(0);
  expect(records.length).toBeGreaterThan(10);
  expect(records.map(({ from }) => from)).toEqual(records.map(({ from }) => from).toSorted((a, b) => a - b));
});

test('when one step fails all others are healed, and the failure is told', async () => {
  const healed: string[] = [];
  const begun = Promise.withResolvers<void>();
  const long = fault('kafka-1', {
    lastsMs: [100_000, 100_000],
    inject: async () => {
      begun.resolve();
      return { target: 'kafka-1', heal: async () => void healed.push('kafka-1') };
    },
  });
  const failing = fault('mongo-1', {
    inject: async () => {
      await begun.promise;
      throw new Error('the stack says no');
    },
  });
  await expect(run({ faults: [long, failing], mixed: 6 })).rejects.toThrow('the stack says no');
  expect(healed).toEqual(['kafka-1']);
});

test('a heal that fails is tried again', async () => {
  let tries = 0;
  const heal = async () => {
    tries += 1;
    if (tries === 1) throw new Error('not now');
  };
  const { records } = await run({
    faults: [fault('kafka-1', { lastsMs: [100_000, 100_000], inject: async () => ({ target: 'kafka-1', heal }) })],
    mixed: 1,
  });
  expect(tries).toBe(2);
  expect(records).toHaveLength(1);
});

test('a record has what shows the fault, nothing where nothing does, and says what the machine refused', async () => {
  const lastsMs: [number, number] = [25_000, 25_000];
  const heal = async () => undefined;
  const { records } = await run({
    faults: [
      fault('kafka-1', { lastsMs, inject: async () => ({ target: 'kafka-1', heal, evidence: () => 'a line' }) }),
      fault('mongo-1', { lastsMs, inject: async () => ({ target: 'mongo-1', heal, evidence: () => undefined }) }),
      fault('mongo-2', {
        lastsMs,
        inject: async () => {
          throw new StackRefusal('start as root', 'small_disk_refused');
        },
      }),
    ],
    mixed: 1,
  });
  const shown = new Map(records.map(({ target, evidence }) => [target, evidence]));
  expect(shown.get('kafka-1')).toBe('a line');
  expect(shown.get('mongo-1')).toBeUndefined();
  expect(shown.get('mongo-2')).toBe('not done here: start as root');
});

test('a fault that would outlast the load is shortened, and one that has no time for its least is left out', async () => {
  const short = fault('kafka-1', { lastsMs: [100_000, 500_000] });
  const { records } = await run({ faults: [short], mixed: 1 });
  expect(records).toHaveLength(1);
  expect((await run({ faults: [fault('kafka-1', { lastsMs: [200_000, 200_000] })], mixed: 1 })).records).toEqual([]);
});
