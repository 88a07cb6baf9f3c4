import type { LeaderDto } from '@wiber/contracts';

/** A renewal as the page saw it. */
export interface LeaseSight {
  term: number;
  renewedAt: number;
  /** When the page first saw it, by its monotonic clock. */
  seenAt: number;
}

/** Remembers when each renewal was first seen: MongoDB's clock and the page's can not be compared, but their seconds are equal. */
export function sightOf(
  answer: LeaderDto | undefined,
  before: LeaseSight | undefined,
  now: number,
): LeaseSight | undefined {
  const leader = answer?.leader;
  if (leader?.renewedAt === undefined) return undefined;
  if (before?.term === leader.term && before.renewedAt === leader.renewedAt) return before;
  return { term: leader.term, renewedAt: leader.renewedAt, seenAt: now };
}

/** The whole length of the lease and what is left of it, in milliseconds; at most one poll too long. */
export function leaseLeft(
  answer: LeaderDto,
  sight: LeaseSight,
  now: number,
): { ttl: number; left: number } | undefined {
  const { expiresAt, renewedAt } = answer.leader ?? {};
  if (expiresAt === undefined || renewedAt === undefined) return undefined;
  const ttl = expiresAt - renewedAt;
  return { ttl, left: Math.min(ttl, Math.max(0, ttl - (now - sight.seenAt))) };
}
