import { Random } from '../random.ts';
import type { Fault } from './fault.ts';

export interface Step {
  fault: Fault;
  /** Quiet before it, and how long it lasts, in milliseconds. */
  quietMs: number;
  lastsMs: number;
  /** Of what is drawn once it is known what runs: a target, for one. */
  seed: number;
}

const QUIET_MS: [number, number] = [3000, 8000];

/**
 * The faults of one lane, without end, each once before any comes again. They depend on the seed alone: what a step draws
 * while it runs moves none that follows.
 */
export function* stepsOf(faults: readonly Fault[], seed: number): Generator<Step> {
  const random = new Random(seed);
  for (;;) {
    const deck = [...faults];
    while (deck.length > 0) {
      const [fault] = deck.splice(random.whole(0, deck.length - 1), 1);
      const [quietMs, lastsMs] = [random.whole(...QUIET_MS), random.whole(...fault!.lastsMs)];
      yield { fault: fault!, quietMs, lastsMs, seed: random.whole(1, 1_000_000_000) };
    }
  }
}
