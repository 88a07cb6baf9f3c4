import { eventually } from '@wiber/harness';
import { anyOf, type Fault, type Injected } from '../fault.ts';
import { slotOf } from '../fault.admission.ts';

const FULL = /No space left on device|all log dirs in \S+ have failed/;
const MET_MS = 30_000;

/** A server whose data folder takes no more: it ends, is started again and ends, until there is room. */
const diskOf = (name: string, kind: string): Fault => ({
  name: `disk-${name}`,
  lastsMs: [6000, 12_000],
  needs: 'disks',
  aim: async (context) => {
    const target = await anyOf(kind)(context);
    return { target, touches: [target], takes: [slotOf(target)] };
  },
  inject: async ({ system, health, logs }, { target }): Promise<Injected> => {
    const pid = system.pids.get(target) ?? -1;
    const from = Date.now();
    await system.fill(target);
    const met = async () => {
      // It may have removed a file since, and have room again.
      await system.fill(target);
      requireLine(logs.find(target, { from, to: Date.now() }, FULL));
    };
    await eventually(met, { within: MET_MS }).catch(() => undefined);
    return {
      target,
      pid,
      heal: () => system.free(target),
      back: () => health.serves(target),
      evidence: (span) => logs.find(target, span, FULL),
    };
  },
});

const requireLine = (line: string | undefined): void => {
  if (line === undefined) throw new Error('it has not met the end of its disk yet');
};

export const DISK_FAULTS: readonly Fault[] = [diskOf('broker', 'kafka'), diskOf('mongod', 'mongo')];
