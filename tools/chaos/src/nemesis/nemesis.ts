import { eventually } from '@wiber/harness';
import { Random } from '../random.ts';
import { FaultAdmission } from './fault.admission.ts';
import { FaultInjector } from './fault.injector.ts';
import { planSteps, type FaultStep } from './fault.plan.ts';
import type { FaultRecord } from './fault.record.ts';
import type { Aim, Fault, FaultContext } from './fault.ts';
import type { NemesisPorts } from './nemesis.ports.ts';

export interface NemesisPlan {
  faults: readonly Fault[];
  seed: number;
  /** The number of lanes: how many faults may last at the same time. */
  mixed: number;
  /** Milliseconds of the workload's clock. */
  untilMs: number;
}

/** A fault that finds no target in this time is skipped. */
const AIM_MS = 30_000;

/**
 * Injects faults drawn from the seed, one after the other in each of `mixed` lanes. A fault begins only when no lasting
 * fault conflicts with it, and lets others begin once its target serves again. All faults are healed when the promise
 * settles, also when one of them failed.
 */
export const runNemesis = async (plan: NemesisPlan, ports: NemesisPorts): Promise<FaultRecord[]> => {
  const nemesis = new Nemesis(plan, ports);
  const lanes = Array.from({ length: plan.mixed }, (_, lane) => nemesis.runLane(plan.seed + lane));
  await Promise.allSettled(lanes);
  return nemesis.records();
};

class Nemesis {
  private readonly plan: NemesisPlan;
  private readonly ports: NemesisPorts;
  private readonly admission = new FaultAdmission();
  private readonly stop = new AbortController();
  private readonly injector: FaultInjector;

  constructor(plan: NemesisPlan, ports: NemesisPorts) {
    this.plan = plan;
    this.ports = ports;
    this.injector = new FaultInjector(ports, this.stop.signal);
  }

  /** @throws the error of the first lane that failed */
  records(): FaultRecord[] {
    this.stop.signal.throwIfAborted();
    return this.injector.records();
  }

  async runLane(seed: number): Promise<void> {
    try {
      for (const step of planSteps(this.plan.faults, seed)) {
        await this.ports.pause(step.quietMs, this.stop.signal);
        if (this.leftMs < step.fault.durationMs[0]) return;
        await this.runStep(step);
      }
    } catch (error) {
      // The other lanes heal their faults at once.
      this.stop.abort(error);
      throw error;
    }
  }

  private get leftMs(): number {
    return this.plan.untilMs - this.ports.now();
  }

  private async runStep({ fault, durationMs: planned, seed }: FaultStep): Promise<void> {
    const context: FaultContext = { ...this.ports.context, random: new Random(seed) };
    const aim = await this.admit(fault, context);
    if (!aim) return;
    try {
      const durationMs = Math.min(planned, this.leftMs);
      if (durationMs >= fault.durationMs[0]) await this.injector.run(fault, { context, aim, durationMs });
    } finally {
      this.admission.release(aim);
    }
  }

  /** Waits until the fault is admitted. Aims again each time, because leaders change. Undefined when there is no target. */
  private async admit(fault: Fault, context: FaultContext): Promise<Aim | undefined> {
    const withoutTarget: Aim = { target: fault.name, touches: [], takesDown: [] };
    for (;;) {
      this.stop.signal.throwIfAborted();
      try {
        const aim = fault.aim ? await eventually(() => fault.aim!(context), { within: AIM_MS }) : withoutTarget;
        const released = this.admission.nextRelease();
        if (this.admission.tryAdmit(aim)) return aim;
        await released;
      } catch (error) {
        this.ports.say(`${fault.name} is skipped, it has no target: ${(error as Error).message}`);
        return undefined;
      }
    }
  }
}
