import { keyTextOf } from './window.key.ts';
import type { WindowDelta } from './window.update.ts';

/** The totals that this process has written: one that is made anew was deleted by somebody. No retention deletes a total. */
export class KnownTotals {
  /** Their keys: one of each stream and partition. */
  private readonly keys = new Set<string>();

  /** @param made the places of deltas whose windows were made @returns the totals that were made anew */
  madeAnew<D extends WindowDelta>(deltas: readonly D[], made: ReadonlySet<number>): D[] {
    return [...deltas.entries()].flatMap(([index, delta]) => {
      if (delta.window.span !== 'total') return [];
      const key = keyTextOf(delta.window);
      const isAnew = made.has(index) && this.keys.has(key);
      this.keys.add(key);
      return isAnew ? delta : [];
    });
  }
}
