/**
 * The clock of a run: milliseconds since its start, by the monotonic clock of this process. Everything runs on one machine, so
 * wall clocks of other processes are converted with one difference, which is taken at the start.
 */
export class RunClock {
  private readonly start = performance.now();
  private readonly startedAt = Date.now();

  get now(): number {
    return performance.now() - this.start;
  }

  /** @param wallMs milliseconds since the epoch, by a clock of this machine */
  fromWall(wallMs: number): number {
    return wallMs - this.startedAt;
  }
}
