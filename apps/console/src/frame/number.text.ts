const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export const UNKNOWN = '–';

export const countText = (value: number | undefined): string => (value === undefined ? UNKNOWN : whole.format(value));

/** A rate a second: a tenth below 10, whole from there on. */
export const rateText = (value: number | undefined): string => {
  if (value === undefined) return UNKNOWN;
  return value > 0 && value < 10 ? tenth.format(value) : whole.format(value);
};

export const bytesText = (bytes: number | undefined): string => {
  if (bytes === undefined) return UNKNOWN;
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${tenth.format(bytes / 1024 ** power)} ${UNITS[power] ?? 'B'}`;
};

/** A latency: whole milliseconds below a second, then seconds. */
export const latencyText = (ms: number | undefined): string => {
  if (ms === undefined) return UNKNOWN;
  return ms < 1000 ? `${whole.format(ms)} ms` : `${tenth.format(ms / 1000)} s`;
};

/** A duration in its two largest units. */
export const durationText = (ms: number | undefined): string => {
  if (ms === undefined) return UNKNOWN;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${String(days)} d ${String(hours)} h`;
  if (hours > 0) return `${String(hours)} h ${String(minutes)} min`;
  return minutes > 0 ? `${String(minutes)} min ${String(seconds % 60)} s` : `${String(seconds)} s`;
};
