/** How many there must be, and the rule that asked for the most. */
export interface Sized {
  count: number;
  because: string;
}

/** The rule that asks for the most; of equal ones the first. */
export const largest = (first: Sized, ...others: Sized[]): Sized =>
  others.reduce((most, one) => (one.count > most.count ? one : most), first);

export const roundUpTo = (step: number, count: number): number => Math.ceil(count / step) * step;

export const GB = 1e9;
export const MIB = 2 ** 20;
export const SECONDS_A_DAY = 86_400;
