/** What a clock showed between two looks at the machine's clock, in milliseconds since the epoch. */
export interface ClockReading {
  shown: number;
  askedAt: number;
  answeredAt: number;
}

/** Reads a clock of another process. The true offset is within the time that the answer took (Cristian, 1989). */
export const readClock = async (read: () => Promise<number>): Promise<ClockReading> => {
  const askedAt = Date.now();
  const shown = await read();
  return { shown, askedAt, answeredAt: Date.now() };
};

/** How far the clock is wrong at least, without the sign, in milliseconds; 0 when it may be right. */
export const wrongByOf = ({ shown, askedAt, answeredAt }: ClockReading): number =>
  Math.max(0, shown - answeredAt, askedAt - shown);

export const describeReading = (process: string, { shown, askedAt }: ClockReading): string =>
  `${process} showed ${new Date(shown).toISOString()} when the machine's clock showed ${new Date(askedAt).toISOString()}`;
