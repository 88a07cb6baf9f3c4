import type { Random } from '../../random.ts';

/** How a clock is wrong: an hour ahead or behind, too fast or too slow, or set back and forth every few seconds. */
export type CourseKind = 'ahead' | 'behind' | 'drift' | 'swing';

export interface ClockCourse {
  /** For the report: by +1 h, at rate 0.95, … */
  text: string;
  /** How far the clock is ahead, in whole milliseconds, so long after the fault began. */
  offsetAt: (elapsedMs: number) => number;
  /** The smallest offset, without its sign, that proves the fault. */
  provenMs: number;
}

const HOUR_MS = 3_600_000;
/** The clock of a machine is wrong by far less. A server's clock is set each second, and this is 50 ms. */
const RATES = [1.05, 0.95];
const DRIFT_PROVEN_MS = 100;
/** Below a lease and a session, above them, and above every time-out. */
const SWINGS_MS = [3000, 60_000, HOUR_MS];
/** A server follows within a second. */
const TURN_MS: [number, number] = [2000, 4000];

const constant = (sign: 1 | -1): ClockCourse => ({
  text: `by ${sign > 0 ? '+' : '-'}1 h`,
  offsetAt: () => sign * HOUR_MS,
  provenMs: HOUR_MS / 2,
});

const drift = (random: Random): ClockCourse => {
  const rate = random.pick(RATES);
  return {
    text: `at rate ${rate}`,
    offsetAt: (elapsedMs) => Math.round(elapsedMs * (rate - 1)),
    provenMs: DRIFT_PROVEN_MS,
  };
};

const swing = (random: Random): ClockCourse => {
  const [ms, turnMs] = [random.pick(SWINGS_MS), random.whole(...TURN_MS)];
  return {
    text: `back and forth by ${ms / 1000} s every ${turnMs / 1000} s`,
    offsetAt: (elapsedMs) => (Math.floor(elapsedMs / turnMs) % 2 === 0 ? ms : -ms),
    provenMs: ms / 2,
  };
};

export const drawCourse = (kind: CourseKind, random: Random): ClockCourse => {
  if (kind === 'drift') return drift(random);
  return kind === 'swing' ? swing(random) : constant(kind === 'ahead' ? 1 : -1);
};
