import fc from 'fast-check';
import type { ReplacedPulse } from '@wiber/mongo';
import { TwinWatch } from './twin.watch.ts';

/** A process of the model. Its writes may reach the document late, also after it was killed. */
class Process {
  readonly name: TwinWatch;
  readonly bornAt: number;
  diedAt = Infinity;
  hasFound = false;

  constructor(
    readonly id: string,
    now: () => number,
  ) {
    this.name = new TwinWatch(id, now);
    this.bornAt = now();
  }
}

/** One document that all processes replace. */
class Model {
  now = 0;
  readonly processes: Process[] = [];
  private readonly flying: { from: Process; pulse: ReplacedPulse }[] = [];
  private document: ReplacedPulse | undefined;

  get living(): Process[] {
    return this.processes.filter(({ diedAt }) => diedAt === Infinity);
  }

  start(): Process {
    const process = new Process(`p${this.processes.length}`, () => this.now);
    this.processes.push(process);
    return process;
  }

  kill(process: Process): void {
    process.diedAt = this.now;
  }

  send(from: Process): void {
    this.flying.push({ from, pulse: { process: from.id, seen: from.name.said.seen } });
  }

  /** The write reaches the document. A process that lives gets what it has replaced. */
  arrive(place: number): void {
    const [write] = this.flying.splice(place % Math.max(1, this.flying.length), 1);
    if (!write) return;
    const replaced = this.document;
    this.document = write.pulse;
    if (write.from.diedAt === Infinity && write.from.name.note(replaced)) write.from.hasFound = true;
  }

  beat(process: Process): void {
    this.send(process);
    this.arrive(this.flying.length - 1);
  }
}

interface Step {
  act: 'start' | 'restart' | 'kill' | 'send' | 'arrive' | 'beat';
  which: number;
  afterMs: number;
}

const steps = (...acts: Step['act'][]) =>
  fc.array(fc.record({ act: fc.constantFrom(...acts), which: fc.nat(7), afterMs: fc.nat(1500) }), { maxLength: 60 });

const run = (plan: readonly Step[]): Model => {
  const model = new Model();
  model.start();
  for (const { act, which, afterMs } of plan) {
    model.now += afterMs;
    const living = model.living;
    const process = living[which % Math.max(1, living.length)];
    if (act === 'restart') living.forEach((one) => model.kill(one));
    if (act === 'start' || act === 'restart') model.start();
    else if (act === 'arrive') model.arrive(which);
    else if (process) model[act](process);
  }
  return model;
};

test('a process that is started again under its name after the old one has ended is never taken for a second one, however late the old one’s writes arrive', () => {
  fc.assert(
    fc.property(steps('restart', 'send', 'arrive', 'beat'), (plan) => {
      expect(run(plan).processes.filter(({ hasFound }) => hasFound)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('whoever finds another process has lived at the same time as another one', () => {
  fc.assert(
    fc.property(steps('start', 'kill', 'send', 'arrive', 'beat'), (plan) => {
      const { processes } = run(plan);
      for (const one of processes.filter(({ hasFound }) => hasFound)) {
        const others = processes.filter((other) => other !== one);
        expect(others.some(({ bornAt, diedAt }) => bornAt <= one.diedAt && diedAt >= one.bornAt)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('processes under one name that beat each second find each other within five pulses, in whatever order they beat', () => {
  const order = fc.integer({ min: 2, max: 4 }).chain((count) => {
    const round = fc.shuffledSubarray(
      Array.from({ length: count }, (_, at) => at),
      { minLength: count },
    );
    const always = round.map((one) => Array.from({ length: 5 }, () => one));
    const any = fc.array(round, { minLength: 5, maxLength: 5 });
    return fc.tuple(fc.constant(count), fc.oneof(always, any));
  });
  fc.assert(
    fc.property(order, ([count, rounds]) => {
      const model = new Model();
      const old = model.start();
      for (let beat = 0; beat < 3; beat += 1, model.now += 1000) model.beat(old);
      while (model.processes.length < count) model.start();
      for (const round of rounds) {
        model.now += 1000;
        for (const at of round) model.beat(model.processes[at]!);
      }
      expect(model.processes.some(({ name }) => name.said.isShared)).toBe(true);
      if (count === 2) expect(model.processes.map(({ name }) => name.said.isShared)).toEqual([true, true]);
    }),
  );
});

test('sixty processes under one name that always beat in the same order find each other within as many pulses', () => {
  const model = new Model();
  const all = Array.from({ length: 60 }, () => model.start());
  for (let round = 0; round <= all.length; round += 1, model.now += 1000) for (const each of all) model.beat(each);
  expect(all.filter(({ name }) => !name.said.isShared)).toEqual([]);
});

test('a process says it for five seconds after the last sign of the other one', () => {
  const model = new Model();
  const [one, other] = [model.start(), model.start()];
  for (let round = 0; round < 3; round += 1, model.now += 1000) for (const each of [one, other]) model.beat(each);
  model.kill(other);
  const said: boolean[] = [];
  for (let round = 0; round < 8; round += 1, model.now += 1000) {
    model.beat(one);
    said.push(one.name.said.isShared);
  }
  expect(said).toEqual([true, true, true, true, true, true, false, false]);
});

test('a pulse that was found a long time after the own one proves nothing of now', () => {
  const model = new Model();
  const [one, other] = [model.start(), model.start()];
  for (const each of [one, other, one, other]) model.beat(each);
  model.kill(other);
  // Nobody looked in between, so nobody wrote.
  model.now += 60_000;
  model.beat(one);
  expect(one.name.said).toEqual({ seen: ['p1'], isShared: false });
});
