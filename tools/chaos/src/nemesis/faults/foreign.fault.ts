import type { Fault } from '../fault.ts';
import { FOREIGN_KINDS, makeForeign } from '../kafka/foreign.record.ts';
import { appendUntilHealed } from './append.fault.ts';

/** Appends records as other producers may write them, each kind in turn, until it is healed. */
export const FOREIGN_FAULT: Fault = {
  name: 'foreign-records',
  durationMs: [3000, 8000],
  inject: async (context) =>
    appendUntilHealed(context, async (random, turn) => {
      const kind = FOREIGN_KINDS[turn % FOREIGN_KINDS.length]!;
      return `${kind} at ${await context.poison.appendForeign(makeForeign(kind, random))}`;
    }),
};
