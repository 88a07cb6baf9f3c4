import { StackRefusal, eventually } from '@wiber/harness';
import type { Span } from '../evidence/server.logs.ts';
import type { Aim, Fault, FaultContext, InjectedFault } from './fault.ts';
import type { FaultRecord } from './fault.record.ts';
import type { NemesisPorts } from './nemesis.ports.ts';

type PastFault = FaultRecord & { span: Span; broker: string | undefined; findEvidence: InjectedFault['findEvidence'] };

const HEAL_MS = 60_000;
/** How long the run waits for a healed process to serve again. Afterwards it reports that and goes on. */
const SERVING_MS = 90_000;
/** Servers may write about a fault a little after it was healed. */
const LATE_LINES_MS = 1000;

/** Injects one fault at a time or several, heals each, and keeps a record of it. */
export class FaultInjector {
  private readonly ports: NemesisPorts;
  private readonly stop: AbortSignal;
  private readonly past: PastFault[] = [];
  private readonly lasting = new Set<string>();

  /** @param stop ends all faults: each is healed at once */
  constructor(ports: NemesisPorts, stop: AbortSignal) {
    this.ports = ports;
    this.stop = stop;
  }

  /** The healed faults, sorted by their start, each with the evidence that the logs have by now. */
  records(): FaultRecord[] {
    const sorted = this.past.toSorted((a, b) => a.from - b.from);
    return sorted.map(({ span, broker, findEvidence, ...record }) => ({
      ...record,
      ...(record.led && { wasController: this.ports.context.controllerAt(span.from) === broker }),
      evidence: record.evidence ?? findEvidence?.(span),
    }));
  }

  /** Resolves once the fault is healed and the processes that it hit serve again. */
  async run(
    fault: Fault,
    { context, aim, durationMs }: { context: FaultContext; aim: Aim; durationMs: number },
  ): Promise<void> {
    const { now, pause, say } = this.ports;
    const span = { from: Date.now(), to: 0 };
    const led = await partitionsLed(context, aim);
    const injected = await this.inject(fault, context, aim);
    const from = now();
    const { target, pid, refusal, findEvidence } = injected;
    const name = `${fault.name} of ${target}`;
    say(`${name}${pid === undefined ? '' : ` (pid ${pid})`} for ${(durationMs / 1000).toFixed(1)} s`);
    this.lasting.add(name);
    this.showLasting();
    try {
      await pause(durationMs, this.stop);
    } finally {
      this.ports.showPhase('healing');
      await eventually(() => injected.heal(), { within: HEAL_MS });
      this.lasting.delete(name);
      this.showLasting();
    }
    span.to = Date.now() + LATE_LINES_MS;
    const evidence = refusal === undefined ? {} : { evidence: `this machine refuses it: ${refusal}` };
    this.past.push({
      fault: fault.name,
      target,
      pid,
      takesDown: aim.takesDown,
      led,
      from,
      to: now(),
      ...evidence,
      span,
      broker: aim.touches[0],
      findEvidence,
    });
    const { requireServing } = injected;
    if (requireServing)
      await eventually(requireServing, { within: SERVING_MS }).catch((error: Error) =>
        say(`${name}: ${error.message}`),
      );
  }

  /** A fault that the machine does not allow is recorded with the reason, and the run goes on. */
  private async inject(fault: Fault, context: FaultContext, aim: Aim): Promise<InjectedFault & { refusal?: string }> {
    try {
      return await fault.inject(context, aim);
    } catch (error) {
      if (!(error instanceof StackRefusal) || error.code !== 'small_disk_refused') throw error;
      return { target: aim.target, heal: async () => undefined, refusal: error.message };
    }
  }

  private showLasting(): void {
    this.ports.showPhase([...this.lasting].join(' and ') || 'loading');
  }
}

/** The partitions of a broker that is taken down. They are only for the report, so a failure to learn them is no fault. */
const partitionsLed = async (context: FaultContext, { takesDown, touches }: Aim): Promise<number[] | undefined> => {
  const [broker] = touches;
  if (broker === undefined || !takesDown.includes('broker')) return undefined;
  return context.ledBy(broker).catch(() => undefined);
};
