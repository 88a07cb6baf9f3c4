/** Milliseconds as people say them: `12 ms`, `1.25 s`, `5 min`, `1.5 h`. */
export const durationText = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${short(ms / 1000)} s`;
  return ms < 3_600_000 ? `${short(ms / 60_000)} min` : `${short(ms / 3_600_000)} h`;
};

const short = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en');
