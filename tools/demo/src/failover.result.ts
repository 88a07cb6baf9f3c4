import type { Demonstration } from './demonstrations/demonstration.ts';
import type { Send } from './traffic/send.ts';
import type { Moments, Verdict } from './verdict/verdict.ts';

/** What one run of a demonstration saw, and how it was judged. */
export interface FailoverRun {
  demonstration: Demonstration;
  target: string;
  moments: Moments;
  sends: readonly Send[];
  /** When each message was stored, in milliseconds of the clock of the run. */
  storedAt: readonly number[];
  verdict: Verdict;
  /** How many windows were compared with a recount; undefined when none was. */
  windows?: number | undefined;
}
