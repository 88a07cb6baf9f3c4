import { mongo } from 'mongoose';
import { DUPLICATE_KEY } from '../connection/bulk.errors.ts';

/** Two writers made one document at the same moment: one of them must update it instead. */
export const isLostRace = (error: unknown): boolean => {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return false;
  const errors = [error.writeErrors].flat();
  return errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
};
