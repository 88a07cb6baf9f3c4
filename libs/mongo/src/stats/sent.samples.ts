import { SAMPLE_SIZE, sampleOf, type DistinctSample, type Figures } from '@wiber/contracts';
import { LRUCache } from 'lru-cache';
import { keyTextOf } from './window.key.ts';
import type { WindowDelta } from './window.update.ts';

type Samples = Figures['samples'];

/** Windows that are remembered, up to 16 kB each: a minute, an hour and the total of 200 partitions. */
const WINDOWS_MAX = 600;

/**
 * The hashes that this process has added to the samples of windows. A sample keeps the smallest hashes and never loses one to a
 * larger one, so what was added once need not be sent again, nor what is larger than a full sample. Users who write all day
 * would else be sent with every round.
 */
export class SentSamples {
  private readonly sent = new LRUCache<string, Samples>({ max: WINDOWS_MAX });

  /** Whether the window was made, and this process knows hashes that it has. */
  knows({ window }: WindowDelta): boolean {
    return this.sent.has(keyTextOf(window));
  }

  /** The delta without the hashes that its window has already, or has no place for. */
  lacking<D extends WindowDelta>(delta: D): D {
    const { window, figures } = delta;
    const known = this.sent.get(keyTextOf(window));
    if (!known) return delta;
    const left = Object.entries(figures.samples).flatMap(([name, hashes]) => {
      const lacking = beyond(known[name] ?? [], hashes, SAMPLE_SIZE[window.span]);
      return lacking.length > 0 ? [[name, lacking] as const] : [];
    });
    return { ...delta, figures: { ...figures, samples: Object.fromEntries(left) } };
  }

  /** The windows have taken these deltas. A second is over too soon to be remembered. */
  added(deltas: readonly WindowDelta[]): void {
    for (const { window, figures } of deltas) {
      const names = Object.keys(figures.samples);
      if (window.span === 'second' || names.length === 0) continue;
      const key = keyTextOf(window);
      const known = this.sent.get(key) ?? {};
      const sizes = SAMPLE_SIZE[window.span];
      const merged = names.map((name) => [name, sampleOf([known[name] ?? [], figures.samples[name]!], sizes)] as const);
      this.sent.set(key, { ...known, ...Object.fromEntries(merged) });
    }
  }

  /** Some of the windows may be other ones now. */
  forget(deltas: readonly WindowDelta[]): void {
    for (const { window } of deltas) this.sent.delete(keyTextOf(window));
  }
}

/** The hashes that are not in a sample of this size, and would get into it. Both are in order, smallest first. */
const beyond = (known: DistinctSample, hashes: DistinctSample, size: number): number[] => {
  const largest = known[size - 1] ?? Infinity;
  const lacking: number[] = [];
  let at = 0;
  for (const hash of hashes) {
    if (hash > largest) break;
    while (at < known.length && known[at]! < hash) at += 1;
    if (known[at] !== hash) lacking.push(hash);
  }
  return lacking;
};
