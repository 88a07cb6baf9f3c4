import type { Fault, FaultContext } from './fault.ts';

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
  context: FaultContext;
  now: () => number;
  pause: (ms: number) => Promise<void>;
  say: (line: string) => void;
  /** What goes on now: a fault, its healing, or the load alone. */
  phase: (name: string) => void;
}

/** Quiet before the first fault and after the last, and between two, in milliseconds. */
const QUIET_MS: [number, number] = [3000, 8000];

/** One fault after the other, drawn from the seed, each healed before the next, until `untilMs` of the workload's clock. */
export const torment = async (
  faults: readonly Fault[],
  untilMs: number,
  ports: NemesisPorts,
): Promise<FaultRecord[]> => {
  const { context, now, pause, say, phase } = ports;
  const { random } = context;
  const records: FaultRecord[] = [];
  for (;;) {
    await pause(random.whole(...QUIET_MS));
    const fault = random.pick(faults);
    const lasts = random.whole(...fault.lastsMs);
    if (now() + lasts > untilMs) return records;
    phase(`${fault.name} beginning`);
    const injected = await fault.inject(context);
    const { target, pid } = injected;
    const from = now();
    const whom = `${fault.name} of ${target}${pid === undefined ? '' : ` (pid ${pid})`}`;
    say(`${whom} for ${(lasts / 1000).toFixed(1)} s`);
    phase(`${fault.name} of ${target}`);
    try {
      await pause(lasts);
    } finally {
      phase('healing');
      await injected.heal();
    }
    records.push({ fault: fault.name, target, pid, from, to: now(), evidence: injected.evidence?.() });
    phase('loading');
  }
};
