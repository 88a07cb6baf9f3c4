const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const preciseClock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** The last millisecond that a Date has (ECMA-262, time values). Another producer may have written a larger timestamp. */
const LAST = 8.64e15;

/** A time in words; the number itself where no Date has it, since the formats throw then. */
const textOf =
  (format: Intl.DateTimeFormat) =>
  (at: number): string =>
    Math.abs(at) <= LAST ? format.format(at) : String(at);

/** The time of day in the reader's zone. */
export const clockText = textOf(clock);
/** The same with milliseconds. */
export const preciseClockText = textOf(preciseClock);

export const dayText = textOf(day);

export const dayAndClockText = (at: number): string =>
  Math.abs(at) <= LAST ? `${dayText(at)}, ${clockText(at)}` : String(at);

/** For the attribute `dateTime` of <time>; undefined for a time that no Date has. */
export const machineTime = (at: number): string | undefined =>
  Math.abs(at) <= LAST ? new Date(at).toISOString() : undefined;
