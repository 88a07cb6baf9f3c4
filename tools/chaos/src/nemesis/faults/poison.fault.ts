import type { Random } from '../../random.ts';
import type { Fault, FaultContext } from '../fault.ts';
import { POISON_KINDS, makePoison } from '../kafka/poison.record.ts';
import { appendUntilHealed } from './append.fault.ts';

/** Appends one poison record of a random kind. Resolves to its kind and position; undefined when no id was used yet. */
export const appendPoison = async (
  { poison, pickAcked }: FaultContext,
  random: Random,
): Promise<string | undefined> => {
  const used = pickAcked(random);
  if (!used) return undefined;
  const kind = random.pick(POISON_KINDS);
  return `${kind} at ${await poison.append(makePoison(kind, used, random))}`;
};

/** Appends poison among the messages until it is healed. */
export const POISON_FAULT: Fault = {
  name: 'poison',
  durationMs: [2000, 6000],
  inject: async (context) => appendUntilHealed(context, (random) => appendPoison(context, random)),
};
