import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import { CRASH_POINT_NAMES, appOf, needsPoison, type CrashPointName } from '../../mutations/crash.mutation.ts';
import { armedFile, crashedFile, type Armed, type Crashed } from '../../mutations/crash.trigger.ts';
import { Random } from '../../random.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { appendPoison } from './poison.fault.ts';
import { processesNamed } from './target.choice.ts';

/** The number of passes after which a process dies at the point. */
const PASSES: [number, number] = [1, 8];
const CRASH_WITHIN_MS = 60_000;

/** One ingest or the leading metrics worker kills itself with SIGKILL at this point of its work. The supervisor starts it again. */
const crashFault = (point: CrashPointName): Fault => ({
  name: `crash-${point}`,
  durationMs: [2000, 5000],
  // Any process of the app may be the one that dies, so no other fault may touch any of them.
  aim: (context) => {
    const app = appOf(point);
    return { target: app, touches: processesNamed(context, app), takesDown: [app] };
  },
  inject: async (context): Promise<InjectedFault> => {
    const { hookFolder, random } = context;
    const armed: Armed = { passes: random.whole(...PASSES) };
    const poisonRandom = new Random(random.whole(1, 1_000_000));
    writeFileSync(armedFile(hookFolder, point), JSON.stringify(armed));
    try {
      const readCrash = () => readCrashFile(context, point, poisonRandom);
      const { pid, instance, pass } = await eventually(readCrash, { within: CRASH_WITHIN_MS });
      const evidence = `${instance} wrote before it killed itself with SIGKILL: ${point}, pass ${pass}`;
      return { target: instance, pid, heal: async () => undefined, findEvidence: () => evidence };
    } finally {
      for (const file of [armedFile, crashedFile]) rmSync(file(hookFolder, point), { force: true });
    }
  },
});

/** @throws while no process has crashed at the point yet */
const readCrashFile = async (context: FaultContext, point: CrashPointName, random: Random): Promise<Crashed> => {
  if (needsPoison(point)) await appendPoison(context, random);
  return JSON.parse(readFileSync(crashedFile(context.hookFolder, point), 'utf8')) as Crashed;
};

export const CRASH_FAULTS: readonly Fault[] = CRASH_POINT_NAMES.map(crashFault);
