/** An offset has to be this part of the threshold to count as back: one that moves about the threshold is not said twice. */
const BACK = 0.8;

export type ClockState = 'ok' | 'degraded' | 'unknown';

export interface AlarmEvents {
  /** The clock is further off than the threshold. Called once, until it is back. */
  onOff: (offsetMs: number) => void;
  onBack: (offsetMs: number) => void;
}

/** Tells once when a clock is too far off, and once when it is back. */
export class OffsetAlarm {
  private readonly warnMs: number;
  private readonly events: AlarmEvents;
  private isOff = false;

  constructor(warnMs: number, events: AlarmEvents) {
    this.warnMs = warnMs;
    this.events = events;
  }

  note(offsetMs: number | undefined): void {
    if (offsetMs === undefined) return;
    const isOff = this.stateOf(offsetMs) === 'degraded';
    if (isOff === this.isOff) return;
    this.isOff = isOff;
    if (isOff) this.events.onOff(offsetMs);
    else this.events.onBack(offsetMs);
  }

  stateOf(offsetMs: number | undefined): ClockState {
    if (offsetMs === undefined) return 'unknown';
    return Math.abs(offsetMs) > this.warnMs * (this.isOff ? BACK : 1) ? 'degraded' : 'ok';
  }
}
