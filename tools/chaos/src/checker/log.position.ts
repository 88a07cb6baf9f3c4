import type { LogPosition } from '@wiber/contracts';

/** A position in the log as one string, for use as a key of a Map or Set. */
export const positionKey = ({ partition, offset }: LogPosition): string => `${partition}/${offset}`;
