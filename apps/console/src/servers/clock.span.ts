import type { ClockDto } from '@wiber/contracts';

type Offset = Pick<ClockDto, 'offsetMs' | 'uncertaintyMs'>;

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** The offset with its uncertainty; a clock that was seen from one side only is ahead by this or more. */
export const offsetText = ({ offsetMs, uncertaintyMs }: Offset): string =>
  uncertaintyMs === undefined
    ? `${number.format(offsetMs)} ms or more`
    : `${number.format(offsetMs)} ± ${plain.format(uncertaintyMs)} ms`;

/** The largest distance from zero that any clock may have, at least a millisecond. */
export const spanOf = (clocks: readonly Offset[]): number =>
  Math.max(1, ...clocks.map(({ offsetMs, uncertaintyMs = 0 }) => Math.abs(offsetMs) + uncertaintyMs));

/** Where the true offset is, as parts of a bar from -widest to +widest; open to the right where one side is not known. */
export function clockSpan({ offsetMs, uncertaintyMs }: Offset, widest: number): { from: number; to: number } {
  const part = (ms: number) => Math.min(1, Math.max(0, 0.5 + ms / (2 * widest)));
  if (uncertaintyMs === undefined) return { from: part(offsetMs), to: 1 };
  return { from: part(offsetMs - uncertaintyMs), to: part(offsetMs + uncertaintyMs) };
}
