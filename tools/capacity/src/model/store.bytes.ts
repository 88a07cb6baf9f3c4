import { ASSUMED } from './assumption.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import type { PlanInput } from './plan.input.ts';

/** Bytes of one message on disk, in one copy of the store. */
export interface StoreBytes {
  document: number;
  indexes: number;
  activity: number;
  all: number;
}

/** The fields besides the content take at least this, packed. */
const FIELDS_MIN = 60;

/** A look-up by id and dedupe need two indexes on a sharded collection: the unique one begins with the conversation. */
export const storeBytesOf = (input: PlanInput, costs: MeasuredCosts, isSharded: boolean): StoreBytes => {
  const { data, byPlace, once, onceKeyed, byTime, byLamport, byLog } = costs.bytes;
  const packed = ASSUMED.contentPacked.value;
  const fields = Math.max(FIELDS_MIN, data.value - ASSUMED.benchContent.value * packed);
  const document = fields + input.bytes * packed;
  const keyed = input.keyed / 100;
  const ids = once.value * (1 - keyed) + onceKeyed.value * keyed;
  // The unique index of a sharded collection has the fields of conversation_by_time but one.
  const unique = isSharded ? byTime.value : 0;
  const indexes = byPlace.value + ids + byTime.value + byLamport.value + byLog.value + unique;
  const activity = (2 * ASSUMED.activityEntry.value) / input.burst;
  return { document, indexes, activity, all: document + indexes + activity };
};
