/** What a chart draws. */
export interface ChartData {
  /** Seconds that only grow, then a row of values for each series; null where nothing is known. */
  rows: [number[], ...(number | null)[][]];
  /** What the wall clock said at each of these seconds, in milliseconds since the epoch. It may jump, so it is text only. */
  clocks: readonly number[];
}

/** What the wall clock said at a second of the chart: as the nearest point has it, in milliseconds since the epoch. */
export const clockAt = ({ rows: [seconds], clocks }: ChartData, second: number): number => {
  const behind = seconds.findIndex((each) => each >= second);
  const after = behind < 0 ? seconds.length - 1 : behind;
  const isBeforeNearer = after > 0 && second - (seconds[after - 1] ?? 0) < Math.abs((seconds[after] ?? 0) - second);
  const nearest = isBeforeNearer ? after - 1 : after;
  const [near, clock] = [seconds[nearest], clocks[nearest]];
  return near === undefined || clock === undefined ? second * 1000 : clock + (second - near) * 1000;
};
