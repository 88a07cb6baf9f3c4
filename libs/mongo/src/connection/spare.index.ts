import { mongo } from 'mongoose';
import { lacksHinted } from './server.answers.ts';

/** The index that stands in for another one while that is built anew: it has the same fields, and so answers the same reads. */
export const spareOf = (index: string): string => `${index}_spare`;

/**
 * Reads with the index, and with its spare one where the index is missing.
 * @param hint anything but a name is passed on
 * @throws any error of `read`; that of the index when its spare one is missing too
 */
export const withSpareIndex = async <H, T>(hint: H, read: (hint: H | string) => Promise<T>): Promise<T> => {
  try {
    return await read(hint);
  } catch (error) {
    if (typeof hint !== 'string' || !(error instanceof mongo.MongoServerError) || !lacksHinted(error)) throw error;
    return read(spareOf(hint));
  }
};
