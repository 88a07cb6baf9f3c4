const DIGITS = 3;

const short = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: DIGITS });

const scaled = (value: number, steps: readonly (readonly [number, string])[]): string => {
  const [factor, unit] = steps.find(([from]) => value >= from) ?? steps.at(-1)!;
  return `${short(value / factor)} ${unit}`;
};

/** Powers of ten, as disks are sold. */
export const bytesText = (bytes: number): string =>
  scaled(bytes, [
    [1e15, 'PB'],
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
    [1, 'B'],
  ]);

export const rateText = (rate: number): string => `${short(rate)}/s`;
export const bytesRateText = (bytes: number): string => `${bytesText(bytes)}/s`;
export const countText = (count: number): string => count.toLocaleString('en', { maximumFractionDigits: 2 });
/** Less than a hundredth of a core says nothing about the size of a machine. */
export const coresText = (cores: number): string => (cores < 0.01 ? '< 0.01' : short(cores));
export const amountText = (amount: number): string => short(amount);
