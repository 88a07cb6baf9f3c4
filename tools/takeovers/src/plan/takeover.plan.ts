import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { LeaderFault, TakeoverKind } from './takeover.kind.ts';

/** One takeover, before it happens. */
export interface PlannedTakeover {
  kind: TakeoverKind;
  leader: LeaderFault;
  /** From when all is well to the fault, as a share of the ttl: the fault falls anywhere between two renewals. */
  waitTtls: number;
}

export interface PlanOptions {
  count: number;
  seed: number;
  kinds: readonly TakeoverKind[];
}

const WAIT_STEPS = 1000;

/** The same options give the same schedule. Each kind comes about as often as the others, in a random order. */
export const planTakeovers = ({ count, seed, kinds }: PlanOptions): PlannedTakeover[] => {
  const generator = xoroshiro128plus(seed);
  const whole = (to: number): number => uniformInt(generator, 0, to);
  const pick = <T>(items: readonly T[]): T => items[whole(items.length - 1)]!;
  const plan: PlannedTakeover[] = [];
  while (plan.length < count) {
    const left = [...kinds];
    while (left.length > 0 && plan.length < count) {
      const [kind] = left.splice(whole(left.length - 1), 1);
      plan.push({ kind: kind!, leader: pick(kind!.leader), waitTtls: whole(WAIT_STEPS) / WAIT_STEPS });
    }
  }
  return plan;
};

/** One line for each takeover. */
export const planText = (plan: readonly PlannedTakeover[]): string =>
  plan
    .map(({ kind, leader, waitTtls }, index) => `${index + 1} ${kind.name} ${leader} after ${waitTtls} ttl`)
    .join('\n');
