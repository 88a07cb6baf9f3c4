import type { Look, LookEvent, LookEventKind, LookPart } from '@wiber/contracts';

/** An event without its place in time. */
export type LookChange = Omit<LookEvent, 'id' | 'at'>;
/** A look of which events are made. */
export type Compared = Omit<Look, 'events'>;

export const change = (
  [kind, severity]: readonly [LookEventKind, LookEvent['severity']],
  subject: string,
  text: string,
): LookChange => ({ kind, severity, subject, text });

/** The pairs of what is in both, by key; and what is in one alone. */
export const compared = <T, K>(before: readonly T[], after: readonly T[], keyOf: (one: T) => K) => {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const present = new Set(after.map(keyOf));
  return {
    both: after.flatMap((one) => {
      const was = old.get(keyOf(one));
      return was === undefined ? [] : [[was, one] as const];
    }),
    added: after.filter((one) => !old.has(keyOf(one))),
    left: before.filter((one) => !present.has(keyOf(one))),
  };
};

export const isUnknown = ({ unknown }: Compared, part: LookPart): boolean => unknown.some((one) => one.part === part);
