import { WINDOW_MS, type Span, type WindowSize } from '@wiber/contracts';

/** How long windows are shown after their end, in milliseconds. */
export type KeptMs = Readonly<Record<WindowSize, number>>;

/**
 * Windows live so much longer than they are shown, in milliseconds. MongoDB deletes by its own clock, which may be wrong after
 * a failover. A window that was deleted too early and is then counted again would lack its first records: as long as the
 * clock is wrong by less than this, no window that is shown does.
 */
const MARGIN_MS = 2 * 3_600_000;
/** A time that is further ahead is no time of a record: it is counted in the total only. */
const AHEAD_MAX_MS = 24 * 3_600_000;

/** When a window may be deleted; undefined: never. */
export const expiryOf = (span: Span, start: number, keptMs: KeptMs): Date | undefined =>
  span === 'total' ? undefined : new Date(start + WINDOW_MS[span] + keptMs[span] + MARGIN_MS);

/**
 * Whether a record is counted in the window of a size.
 * @param at the time of the record
 * @param clocks the earliest and the latest time that it may be now, in milliseconds: a clock that jumps, in either
 * direction, leaves no record out that a right clock would count
 */
export const isCounted = (
  span: Span,
  at: number,
  { now, latest = now, keptMs }: { now: number; latest?: number; keptMs: KeptMs },
): boolean =>
  span === 'total' || (at <= latest + AHEAD_MAX_MS && at > now - WINDOW_MS[span] - keptMs[span] - MARGIN_MS);
