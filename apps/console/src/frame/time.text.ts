const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** The time of day in the reader's zone. */
export const clockText = (at: number): string => clock.format(at);

export const dayText = (at: number): string => day.format(at);

export const dayAndClockText = (at: number): string => `${dayText(at)}, ${clockText(at)}`;

/** For the attribute `dateTime` of <time>. */
export const machineTime = (at: number): string => new Date(at).toISOString();
