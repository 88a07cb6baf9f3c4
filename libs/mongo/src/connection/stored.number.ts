import { isTime } from '@wiber/contracts';
import type { mongo } from 'mongoose';

/** A whole number of a field that anybody may have changed; null where it is none. `field` begins with a dollar sign. */
export const wholeIn = (field: string): mongo.Document => ({
  $cond: [
    { $and: [{ $isNumber: field }, { $gte: [field, 0] }, { $lte: [field, Number.MAX_SAFE_INTEGER] }] },
    { $trunc: field },
    null,
  ],
});

/** As `wholeIn`, for a value that was read. */
export const wholeOf = (value: unknown): number | undefined => (isTime(value) ? value : undefined);

/** The value of a field that must be an object; an empty one where it is none. */
export const objectIn = (field: string): mongo.Document => ({
  $cond: [{ $eq: [{ $type: field }, 'object'] }, field, { $literal: {} }],
});
