import { eventually } from '@wiber/harness';
import type { Fault, InjectedFault } from '../fault.ts';
import { aimAtProcess, anyProcess } from './target.choice.ts';

const FULL = /No space left on device|all log dirs in \S+ have failed/;
/** How long the server may need to hit the full disk. */
const HIT_MS = 30_000;

/** Fills the disk of a server's data folder. The server ends, and each restart ends too, until there is space again. */
const diskFault = (name: string, prefix: string): Fault => ({
  name: `disk-${name}`,
  durationMs: [6000, 12_000],
  needs: 'disks',
  aim: aimAtProcess(anyProcess(prefix)),
  inject: async ({ system, health, logs }, { target }): Promise<InjectedFault> => {
    const pid = system.pids.get(target) ?? -1;
    const from = Date.now();
    await system.fill(target);
    const requireHit = async () => {
      // The server may have deleted a file since the last fill.
      await system.fill(target);
      const line = logs.find(target, { from, to: Date.now() }, FULL);
      if (line === undefined) throw new Error('the server has not hit the full disk yet');
    };
    // A server that never hits it is reported by the missing evidence.
    await eventually(requireHit, { within: HIT_MS }).catch(() => undefined);
    return {
      target,
      pid,
      heal: () => system.free(target),
      requireServing: () => health.serves(target),
      findEvidence: (span) => logs.find(target, span, FULL),
    };
  },
});

export const DISK_FAULTS: readonly Fault[] = [diskFault('broker', 'kafka'), diskFault('mongod', 'mongo')];
