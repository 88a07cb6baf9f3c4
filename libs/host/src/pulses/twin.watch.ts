import { PULSE_MAX, type Pulse } from '@wiber/contracts';
import type { ReplacedPulse } from '@wiber/mongo';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';

/** So long after the last sign of it another process counts as alive, and so old may the own pulse be that it has replaced. */
const RECENT_MS = 5000;

/**
 * Finds out whether another process lives under the same instance. All of them replace one document, so each finds the
 * pulses of the others in place of its own. That alone proves nothing: it may be the last pulse of a process that has ended,
 * written late. But a pulse that names this process was made after one of this process was read, so both have lived at once.
 * No clock of another machine counts.
 */
export class TwinWatch {
  private readonly process: string;
  private readonly now: MonotonicClock;
  private seen: string[] = [];
  private beatAt = -Infinity;
  private foundAt = -Infinity;

  /** @param process names this process, and no other one */
  constructor(process: string, now: MonotonicClock = monotonicNow) {
    this.process = process;
    this.now = now;
  }

  /** What the next pulse says of it. */
  get said(): Pick<Pulse, 'seen' | 'isShared'> {
    return { seen: this.seen, isShared: this.now() - this.foundAt <= RECENT_MS };
  }

  /**
   * Takes what a pulse of this process has replaced.
   * @returns whether it proves that another process lives
   */
  note(replaced: ReplacedPulse | undefined): boolean {
    const now = this.now();
    // Else nobody knows how long ago the other one wrote.
    const isRecent = now - this.beatAt <= RECENT_MS;
    this.beatAt = now;
    if (!replaced || replaced.process === this.process) return false;
    const others = [replaced.process, ...replaced.seen].filter((one) => one !== this.process);
    this.seen = [...new Set(others)].slice(0, PULSE_MAX.seen);
    const isFound = isRecent && replaced.seen.includes(this.process);
    if (isFound) this.foundAt = now;
    return isFound;
  }
}
