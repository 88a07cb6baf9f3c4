import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseWatch, SeenLeader } from '@wiber/evidence';
import { eventually, type OwnSystem } from '@wiber/harness';
import type { ForcedTakeover } from '../checker/run.evidence.ts';
import type { LeaderFault } from '../plan/takeover.kind.ts';
import type { PlannedTakeover } from '../plan/takeover.plan.ts';
import { RunError } from '../takeovers.errors.ts';
import { changePrimary, preparePrimary, primaryOf } from './primary.change.ts';

/** Longer than any takeover that is right. */
const TAKEN_WITHIN_MS = 30_000;
const WELL_WITHIN_MS = 60_000;
const ANSWER_MS = 2000;
const PAUSE_TTLS = 2;

export interface TakeoverWorld {
  system: OwnSystem;
  watch: LeaseWatch;
  ttlMs: number;
}

/** What undoes a fault, once another worker leads. */
type Undo = () => Promise<void>;

/** Resolves once the fault is there. */
const injectAt = async (leader: string, fault: LeaderFault, { system, ttlMs }: TakeoverWorld): Promise<Undo> => {
  const since = performance.now();
  switch (fault) {
    case 'kill':
    case 'stop':
      await system.tell(fault, leader);
      await system.tell('launch', leader);
      return async () => undefined;
    case 'pause':
      await system.tell('pause', leader);
      return async () => {
        await pause(Math.max(0, PAUSE_TTLS * ttlMs - (performance.now() - since)));
        await system.tell('resume', leader);
      };
    case 'cut': {
      const primary = await primaryOf(system);
      await system.cut(leader, primary);
      return async () => void (await system.heal(leader, primary));
    }
  }
};

const why = ({ lastError }: LeaseWatch): string => (lastError ? `; the last look failed: ${lastError.message}` : '');

/** Resolves once every worker answers and the leader renews its lease. @throws RunError */
export const untilWell = async ({ system, watch }: TakeoverWorld): Promise<SeenLeader> => {
  try {
    await eventually(
      () =>
        Promise.all(
          system.urlsOf('metrics').map(async (url) => {
            const answer = await fetch(`${url}/health/readiness`, { signal: AbortSignal.timeout(ANSWER_MS) });
            if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
          }),
        ),
      { within: WELL_WITHIN_MS },
    );
  } catch (cause) {
    throw new RunError(`the workers are not well again: ${(cause as Error).message}`, { cause });
  }
  const leader = await watch.renewedLeader(WELL_WITHIN_MS);
  if (!leader)
    throw new RunError(`no worker renews the lease for ${WELL_WITHIN_MS} ms although all are well${why(watch)}`);
  return leader;
};

/** Forces one takeover, and undoes what forced it. */
export const forceTakeover = async (
  { kind, leader: fault, waitTtls }: PlannedTakeover,
  world: TakeoverWorld,
): Promise<ForcedTakeover> => {
  const { system, watch, ttlMs } = world;
  await preparePrimary(system, kind.primary);
  await untilWell(world);
  await pause(waitTtls * ttlMs);
  // Not its next renewal: then every fault would fall just after one.
  const from = await watch.leaderAfter(0, WELL_WITHIN_MS);
  if (!from) throw new RunError(`nobody holds the lease for ${WELL_WITHIN_MS} ms${why(watch)}`);
  const since = performance.now();
  const seen = watch.leaderAfter(from.term, TAKEN_WITHIN_MS).then((to) => ({ to, at: performance.now() }));
  const [undo] = await Promise.all([injectAt(from.instance, fault, world), changePrimary(system, kind.primary)]);
  const { to, at } = await seen;
  await undo();
  return { kind: kind.name, leader: fault, from, ...(to ? { to } : {}), leaderlessMs: at - since };
};
