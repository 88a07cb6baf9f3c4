import type { LookChange } from './look.change.ts';

/** Records that wait and are no trouble, whatever the rate is. */
const FEW = 1000;
/** Looks in a row that must agree. */
const LOOKS = 5;
/** A lag is large when it is more than what is accepted in so many seconds, and small again below a quarter of that. */
const LARGE_S = 2;

/** Tells a lag that grows from one that comes and goes with each batch. */
export class LagTrend {
  private isLarge = false;
  private agreeing = 0;

  /** @param lag of all partitions; undefined while it is not known. Nothing is known of a trend then */
  next(lag: number | undefined, acceptedPerSecond: number): LookChange[] {
    if (lag === undefined) return [];
    const large = Math.max(FEW, LARGE_S * acceptedPerSecond);
    const differs = this.isLarge ? lag < large / 4 : lag > large;
    this.agreeing = differs ? this.agreeing + 1 : 0;
    if (this.agreeing < LOOKS) return [];
    this.isLarge = !this.isLarge;
    this.agreeing = 0;
    return [
      this.isLarge
        ? { kind: 'lag_grows', severity: 'bad', subject: 'lag', text: `${lag} messages wait to be stored.` }
        : { kind: 'lag_gone', severity: 'good', subject: 'lag', text: 'Messages are stored without delay again.' },
    ];
  }
}
