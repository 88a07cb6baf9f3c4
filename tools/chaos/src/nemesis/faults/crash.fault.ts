import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import { armedFile, crashedFile, type Armed, type Crashed } from '../../mutations/crash.trigger.ts';
import { CRASH_POINT_NAMES, passedWithPoisonAlone, type CrashPointName } from '../../mutations/crash.mutation.ts';
import { Random } from '../../random.ts';
import { namesOf, type Fault, type FaultContext, type Injected } from '../fault.ts';
import { appendPoison } from './poison.fault.ts';

/** How often the point is passed before one dies there. */
const PASSES: [number, number] = [1, 8];
const PASSED_WITHIN_MS = 60_000;

/** An ingest process ends itself by kill -9 at this point of its work; the supervisor starts it again. */
const crashAt = (point: CrashPointName): Fault => ({
  name: `crash-${point}`,
  lastsMs: [2000, 5000],
  // Which of them dies is told afterwards: none may be away for another reason.
  aim: (context) => ({ target: 'ingest', touches: namesOf(context, 'ingest'), takes: ['ingest'] }),
  inject: async (context): Promise<Injected> => {
    const { crashFolder, random } = context;
    const armed: Armed = { passes: random.whole(...PASSES) };
    const draws = new Random(random.whole(1, 1_000_000));
    writeFileSync(armedFile(crashFolder, point), JSON.stringify(armed));
    try {
      const { pid, instance, pass } = await eventually(() => look(context, point, draws), { within: PASSED_WITHIN_MS });
      const evidence = () => `${instance} wrote before it ended itself by SIGKILL: ${point}, pass ${pass}`;
      return { target: instance, pid, heal: async () => undefined, evidence };
    } finally {
      for (const file of [armedFile, crashedFile]) rmSync(file(crashFolder, point), { force: true });
    }
  },
});

/** @throws while nobody has died there yet */
const look = async (context: FaultContext, point: CrashPointName, draws: Random): Promise<Crashed> => {
  if (passedWithPoisonAlone(point)) await appendPoison(context, draws);
  return JSON.parse(readFileSync(crashedFile(context.crashFolder, point), 'utf8')) as Crashed;
};

export const CRASHES: readonly Fault[] = CRASH_POINT_NAMES.map(crashAt);
