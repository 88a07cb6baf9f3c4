import { mongo } from 'mongoose';

export const DUPLICATE_KEY = 11000;

/**
 * What the server said of each document that it did not insert; undefined when it did not account for every document. The
 * driver puts every failure of a bulk write into MongoBulkWriteError, also a cut connection or a primary that stepped
 * down, and then without a word about single documents.
 *
 * @param size how many documents the bulk write had
 */
export const writeErrorsOf = (error: unknown, size: number): mongo.WriteError[] | undefined => {
  if (!(error instanceof mongo.MongoBulkWriteError)) return undefined;
  const errors = [error.writeErrors].flat();
  const isComplete = error.insertedCount + errors.length === size;
  return isComplete && error.result.getWriteConcernError() === undefined ? errors : undefined;
};
