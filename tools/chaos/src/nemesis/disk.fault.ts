import { anyOf, type Fault, type Injected } from './fault.ts';
import { slotOf } from './room.ts';

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
    await system.fill(target);
    return {
      target,
      pid,
      heal: () => system.free(target),
      back: () => health.serves(target),
      evidence: (span) => logs.find(target, span, /No space left on device|all log dirs in \S+ have failed/),
    };
  },
});

export const DISK_FAULTS: readonly Fault[] = [diskOf('broker', 'kafka'), diskOf('mongod', 'mongo')];
