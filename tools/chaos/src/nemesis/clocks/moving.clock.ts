import type { ClockMove } from '../../checker/clock.move.ts';
import type { ClockCourse } from './clock.course.ts';

/** How often the clock is set. */
const STEP_MS = 250;
/** How long a process may take to follow. libfaketime looks at a new second, an app every 50 ms; a busy machine is slower. */
const FOLLOW_MS = 3000;

export interface MovingClockPlan {
  process: string;
  course: ClockCourse;
  /** Sets how far the clock of the process is ahead, in milliseconds. */
  set: (offsetMs: number) => Promise<void> | void;
  /** Every clock that was moved in this run. */
  moves: ClockMove[];
}

/** Moves the clock of a process along a course until it is set right. */
export class MovingClock {
  private readonly plan: MovingClockPlan;
  private readonly startedAt = performance.now();
  private readonly move: ClockMove;
  private readonly moving: Promise<void>;
  private isMoving = true;
  private offsetMs = 0;
  private backMs = 0;

  constructor(plan: MovingClockPlan) {
    this.plan = plan;
    const firstMs = plan.course.offsetAt(0);
    this.move = { process: plan.process, from: Date.now(), to: Infinity, lowMs: firstMs, highMs: firstMs };
    plan.moves.push(this.move);
    this.moving = this.keepMoving();
    // setRight() awaits the same promise and rethrows; this only silences the unhandled rejection until then.
    this.moving.catch(() => undefined);
  }

  /** By how much the clock was set back at most, at once, in milliseconds. */
  get setBackByMs(): number {
    return this.backMs;
  }

  async setRight(): Promise<void> {
    this.isMoving = false;
    await this.moving;
    await this.setTo(0);
    this.move.to = Date.now() + FOLLOW_MS;
  }

  private async keepMoving(): Promise<void> {
    const { course } = this.plan;
    while (this.isMoving) {
      const offsetMs = course.offsetAt(performance.now() - this.startedAt);
      this.move.lowMs = Math.min(this.move.lowMs, offsetMs);
      this.move.highMs = Math.max(this.move.highMs, offsetMs);
      if (offsetMs !== this.offsetMs) await this.setTo(offsetMs);
      await new Promise<void>((resolve) => setTimeout(resolve, STEP_MS));
    }
  }

  private async setTo(offsetMs: number): Promise<void> {
    await this.plan.set(offsetMs);
    this.backMs = Math.max(this.backMs, this.offsetMs - offsetMs);
    this.offsetMs = offsetMs;
  }
}
