/** An offset has to be this part of the threshold to count as back: one that moves about the threshold is not said twice. */
const BACK = 0.8;

export type ClockState = 'ok' | 'degraded' | 'unknown';

/** How far a clock is behind, and by how much that may be wrong; milliseconds. */
export interface ClockOffset {
  offsetMs: number;
  errorMs: number;
}

export interface AlarmEvents {
  /** The clock is further off than the threshold. Called once, until it is back. */
  onOff: (offset: ClockOffset) => void;
  onBack: (offset: ClockOffset) => void;
}

/**
 * Tells once when a clock is too far off, and once when it is back. Too far means for certain: an answer that came late because
 * this process was busy says little, and is no reason for an alarm.
 */
export class OffsetAlarm {
  private readonly warnMs: number;
  private readonly events: AlarmEvents;
  private isOff = false;

  constructor(warnMs: number, events: AlarmEvents) {
    this.warnMs = warnMs;
    this.events = events;
  }

  note(offset: ClockOffset | undefined): void {
    const state = this.stateOf(offset);
    if (offset === undefined || state === 'unknown') return;
    const isOff = state === 'degraded';
    if (isOff === this.isOff) return;
    this.isOff = isOff;
    if (isOff) this.events.onOff(offset);
    else this.events.onBack(offset);
  }

  /** Unknown also means that the error is larger than the threshold. */
  stateOf(offset: ClockOffset | undefined): ClockState {
    if (offset === undefined) return 'unknown';
    const distance = Math.abs(offset.offsetMs);
    const threshold = this.warnMs * (this.isOff ? BACK : 1);
    if (distance - offset.errorMs > threshold) return 'degraded';
    if (offset.errorMs > this.warnMs) return 'unknown';
    return this.isOff && distance > threshold ? 'degraded' : 'ok';
  }
}
