export interface Gap {
  /** Milliseconds of the clock of the run. */
  from: number;
  ms: number;
}

/** The longest time between `from` and `to` without any of these times. */
export const longestGap = (times: readonly number[], { from, to }: { from: number; to: number }): Gap => {
  const inside = times.filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  let last = from;
  let longest: Gap = { from, ms: 0 };
  for (const at of [...inside, to]) {
    if (at - last > longest.ms) longest = { from: last, ms: at - last };
    last = at;
  }
  return longest;
};
