/** How many stages a window has: the clock filter of NTP has eight, too (RFC 5905, section 10). */
const STAGES = 8;
const STAGE_MS = 8000;
/** An estimate is made of the samples of so many milliseconds at most. */
export const WINDOW_MS = STAGES * STAGE_MS;

/**
 * How far one clock is ahead of another one, from messages that go one way only. Sender and receiver each stamp a message, so
 *
 *     stamp of the sender − stamp of the receiver  =  offset − delay,   delay ≥ 0
 *
 * Each sample is a lower bound of the offset, and the one with the least delay is the best: the largest of a window. This is the
 * minimum filter of NTP, and the one-way half of Cristian's method (Probabilistic clock synchronization, 1989). The error has
 * one sign and the size of that least delay, which no one-way message can tell. So a clock that is shown ahead is ahead; one that
 * is shown behind is behind, or every message of the window was late by so much.
 *
 * A clock that is set forward is seen at once, one that is set back when the window is over.
 */
export class LeastDelay {
  private readonly leads = new Float64Array(STAGES).fill(-Infinity);
  private stage = 0;
  private stageEndsAt = -Infinity;
  private lastAt = -Infinity;

  /**
   * @param leadMs the stamp of the sender minus that of the receiver, in milliseconds; what is no finite number is ignored
   * @param now when it was seen, by a monotonic clock
   */
  add(leadMs: number, now: number): void {
    if (!Number.isFinite(leadMs)) return;
    if (now >= this.stageEndsAt) this.turnTo(now);
    this.lastAt = now;
    if (leadMs > this.leads[this.stage]!) this.leads[this.stage] = leadMs;
  }

  /** When the last sample was seen, by the same monotonic clock. */
  get seenAt(): number {
    return this.lastAt;
  }

  /** The offset is this or more, in milliseconds; undefined before the first sample. It stays when nothing comes any more. */
  get atLeastMs(): number | undefined {
    let largest = -Infinity;
    for (const lead of this.leads) if (lead > largest) largest = lead;
    return largest === -Infinity ? undefined : largest;
  }

  private turnTo(now: number): void {
    const turns = Math.min(STAGES, Math.floor((now - this.stageEndsAt) / STAGE_MS) + 1);
    for (let turn = 0; turn < turns; turn += 1) {
      this.stage = (this.stage + 1) % STAGES;
      this.leads[this.stage] = -Infinity;
    }
    this.stageEndsAt = turns === STAGES ? now + STAGE_MS : this.stageEndsAt + turns * STAGE_MS;
  }
}
