import type { StoredMessage } from '@wiber/contracts';

/** A safe integer of milliseconds has at most 3e9 hours. */
const HOUR_DIGITS = 10;
const HOUR_MS = 3_600_000;

export interface Activity {
  user: string;
  /** Hours since the epoch. */
  hour: number;
  conversationId: string;
}

export const hourOf = (timestamp: number): number => Math.floor(timestamp / HOUR_MS);
export const startOfHour = (hour: number): number => hour * HOUR_MS;

const hourText = (hour: number): string => String(hour).padStart(HOUR_DIGITS, '0');

export const keyOf = ({ user, hour, conversationId }: Activity): string =>
  `${user}:${hourText(hour)}:${conversationId}`;

export const activityOf = (key: string): Activity => {
  const [user = '', hour = '', ...users] = key.split(':');
  return { user, hour: Number(hour), conversationId: users.join(':') };
};

/** Keys of a user in some hours, `from` and `to` included: all that are at least `low` and less than `high`. */
export const keysBetween = (user: string, from: number, to: number): { low: string; high: string } => ({
  low: `${user}:${hourText(from)}`,
  high: `${user}:${hourText(to + 1)}`,
});

/** The hours that a timestamp may be in: from 0 to that of the largest safe integer. */
export const LAST_HOUR = hourOf(Number.MAX_SAFE_INTEGER);

/** One key for each user of a message, so one or two. */
export const keysOf = ({ fromUser, toUser, conversationId, timestamp }: StoredMessage): string[] => {
  const hour = hourOf(timestamp);
  return [...new Set([fromUser, toUser])].map((user) => keyOf({ user, hour, conversationId }));
};
