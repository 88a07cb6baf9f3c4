import type { LeaderTermDto } from '@wiber/contracts';

/** A term on the time line. Places are parts of the whole, from 0 to 1. */
export interface TermBar {
  term: number;
  from: number;
  length: number;
  isNow: boolean;
}

export interface TermLanes {
  /** Milliseconds since the epoch, by the clock of MongoDB's primary. */
  start: number;
  end: number;
  /** One for each worker that led, in the order of their first term. */
  lanes: { holder: string; bars: TermBar[] }[];
  /** Milliseconds in which nobody gave a sign of leading. */
  withoutLeader: number;
}

type Term = Pick<LeaderTermDto, 'term' | 'holder' | 'since' | 'renewedAt' | 'until' | 'end'>;

/** An expired term ends in the history when another worker takes the lease; its leader was gone since its last sign of life. */
const endOf = ({ end, renewedAt, until }: Term): number | undefined =>
  end === 'expired' ? (renewedAt ?? until) : until;

/** Lays terms on a line from the first one to `now`. A clock that was set back makes a bar short, never negative. */
export function termLanes(terms: readonly Term[], now: number): TermLanes {
  const oldestFirst = [...terms].sort((a, b) => a.term - b.term);
  const start = Math.min(now, ...oldestFirst.map(({ since }) => since));
  const end = Math.max(now, start + 1);
  const lanes = new Map<string, TermBar[]>();
  let led = start;
  let withoutLeader = 0;
  for (const each of oldestFirst) {
    const { term, holder, since, until } = each;
    const to = Math.max(start, Math.min(end, endOf(each) ?? end));
    const from = Math.max(start, Math.min(since, to));
    const bar = {
      term,
      from: (from - start) / (end - start),
      length: (to - from) / (end - start),
      isNow: until === undefined,
    };
    lanes.set(holder, [...(lanes.get(holder) ?? []), bar]);
    withoutLeader += Math.max(0, from - led);
    led = Math.max(led, to);
  }
  return {
    start,
    end,
    lanes: [...lanes].map(([holder, bars]) => ({ holder, bars })),
    withoutLeader: withoutLeader + end - led,
  };
}
