import { StackRefusal, eventually } from '@wiber/harness';
import { Random } from '../random.ts';
import type { Span } from '../evidence/server.logs.ts';
import type { Aim, Fault, FaultContext, Injected } from './fault.ts';
import { stepsOf, type Step } from './fault.plan.ts';
import { Room } from './fault.admission.ts';

export interface FaultRecord {
  fault: string;
  target: string;
  /** The process it was done to, by its id then; undefined for what is done to no process. */
  pid?: number;
  /** What a server itself wrote of it, or what else shows that it was really done. */
  evidence?: string;
  /** Milliseconds of the workload's clock. */
  from: number;
  to: number;
}

export interface NemesisPorts {
  context: Omit<FaultContext, 'random'>;
  now: () => number;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  say: (line: string) => void;
  /** What goes on now: the faults that are under way, their healing, or the load alone. */
  phase: (name: string) => void;
}

export interface Torment {
  faults: readonly Fault[];
  seed: number;
  /** How many may be under way at once. */
  mixed: number;
  /** Of the workload's clock, in milliseconds. */
  untilMs: number;
}

type Done = FaultRecord & { span: Span; shown: Injected['evidence'] };

/** After this a fault that can't be aimed at anybody, or what does not come back, is told and no longer waited for. */
const AIM_MS = 30_000;
const BACK_MS = 90_000;
/** What a server writes of a fault may come a little after its healing. */
const AFTERWARDS_MS = 1000;
const HEAL_MS = 60_000;

/**
 * Faults drawn from the seed, one after the other in each of `mixed` lanes. One begins once nothing that is under way hits
 * the same target or takes away one more of the same kind, and makes room once what it hit serves again. All are healed
 * when this settles, also where a step fails.
 */
export const torment = async (plan: Torment, ports: NemesisPorts): Promise<FaultRecord[]> => {
  const nemesis = new Nemesis(plan, ports);
  const lanes = Array.from({ length: plan.mixed }, (_, lane) => nemesis.run(plan.seed + lane));
  await Promise.allSettled(lanes);
  nemesis.requireWell();
  return nemesis.records();
};

class Nemesis {
  private readonly plan: Torment;
  private readonly ports: NemesisPorts;
  private readonly room = new Room();
  private readonly done: Done[] = [];
  private readonly underWay = new Set<string>();
  private readonly stop = new AbortController();

  constructor(plan: Torment, ports: NemesisPorts) {
    this.plan = plan;
    this.ports = ports;
  }

  /** @throws what made the first lane fail */
  requireWell(): void {
    this.stop.signal.throwIfAborted();
  }

  /** In the order in which they began, each with what shows it by now. */
  records(): FaultRecord[] {
    const sorted = this.done.toSorted((a, b) => a.from - b.from);
    return sorted.map(({ span, shown, ...record }) => ({ ...record, evidence: record.evidence ?? shown?.(span) }));
  }

  async run(seed: number): Promise<void> {
    try {
      for (const step of stepsOf(this.plan.faults, seed)) {
        await this.ports.pause(step.quietMs, this.stop.signal);
        if (this.leftMs < step.fault.lastsMs[0]) return;
        await this.take(step);
      }
    } catch (error) {
      // The other lanes heal what they hold at once.
      this.stop.abort(error);
      throw error;
    }
  }

  private get leftMs(): number {
    return this.plan.untilMs - this.ports.now();
  }

  private async take({ fault, lastsMs, seed }: Step): Promise<void> {
    const context: FaultContext = { ...this.ports.context, random: new Random(seed) };
    const aim = await this.admitted(fault, context);
    if (!aim) return;
    try {
      const lasts = Math.min(lastsMs, this.leftMs);
      if (lasts >= fault.lastsMs[0]) await this.inflict(fault, { context, aim, lasts });
    } finally {
      this.room.leave(aim);
    }
  }

  /** Chosen anew each time: the leader of then may not be that of now. Undefined when there was nobody to hit. */
  private async admitted(fault: Fault, context: FaultContext): Promise<Aim | undefined> {
    const nobody: Aim = { target: fault.name, touches: [], takes: [] };
    for (;;) {
      this.stop.signal.throwIfAborted();
      try {
        const aim = fault.aim ? await eventually(() => fault.aim!(context), { within: AIM_MS }) : nobody;
        const { someLeft } = this.room;
        if (this.room.enter(aim)) return aim;
        await someLeft;
      } catch (error) {
        this.ports.say(`${fault.name} hits nobody: ${(error as Error).message}`);
        return undefined;
      }
    }
  }

  private async inflict(
    fault: Fault,
    { context, aim, lasts }: { context: FaultContext; aim: Aim; lasts: number },
  ): Promise<void> {
    const { now, pause, say } = this.ports;
    const span = { from: Date.now(), to: 0 };
    const injected = await this.inject(fault, context, aim);
    const from = now();
    const { target, pid } = injected;
    say(`${fault.name} of ${target}${pid === undefined ? '' : ` (pid ${pid})`} for ${(lasts / 1000).toFixed(1)} s`);
    const name = `${fault.name} of ${target}`;
    this.show(name, true);
    try {
      await pause(lasts, this.stop.signal);
    } finally {
      this.ports.phase('healing');
      await eventually(() => injected.heal(), { within: HEAL_MS });
      this.show(name, false);
    }
    span.to = Date.now() + AFTERWARDS_MS;
    const known = injected.refused === undefined ? {} : { evidence: `not done here: ${injected.refused}` };
    this.done.push({ fault: fault.name, target, pid, from, to: now(), ...known, span, shown: injected.evidence });
    const { back } = injected;
    if (back) await eventually(back, { within: BACK_MS }).catch((error: Error) => say(`${name}: ${error.message}`));
  }

  /** What the machine does not allow is told in the report, and the run goes on. */
  private async inject(fault: Fault, context: FaultContext, aim: Aim): Promise<Injected & { refused?: string }> {
    try {
      return await fault.inject(context, aim);
    } catch (error) {
      if (!(error instanceof StackRefusal) || error.code !== 'small_disk_refused') throw error;
      return { target: aim.target, heal: async () => undefined, refused: error.message };
    }
  }

  private show(name: string, begins: boolean): void {
    if (begins) this.underWay.add(name);
    else this.underWay.delete(name);
    this.ports.phase([...this.underWay].join(' and ') || 'loading');
  }
}
