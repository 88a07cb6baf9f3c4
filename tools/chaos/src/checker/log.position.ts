import type { LogPosition } from '@wiber/contracts';
import type { LogRow } from './observation.ts';

/** A position in the log as one string, for use as a key of a Map or Set. */
export const positionKey = ({ partition, offset }: LogPosition): string => `${partition}/${offset}`;

/** The message id of each record of a log, by its position. */
export const recordIds = (log: readonly LogRow[]): Map<string, string | undefined> =>
  new Map(log.map((row) => [positionKey(row), row.messageId]));
