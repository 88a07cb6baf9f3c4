import { CLOCK_MUTANTS } from './clock.mutants.ts';
import { COMMIT_FIRST, DEAD_LETTER_NOT_AWAITED, RETRY_REORDERS, STORE_ERROR_SWALLOWED } from './consume.mutants.ts';
import { LEADER_MUTANTS } from './leader.mutants.ts';
import type { Mutant } from './mutation.ts';
import { ACKS_ONE, BATCH_GIVEN_UP, ONE_SEND } from './produce.mutants.ts';
import {
  FAILED_PART_COMMITTED,
  NO_UNIQUE_INDEX,
  PAGING_BY_TIME_ALONE,
  UNORDERED_HANDLING,
  WRITE_CONCERN_ONE,
} from './store.mutants.ts';
import { WEATHER_MUTANTS } from './weather.mutants.ts';

/** Versions of the product with one known bug each. The checker must report a broken promise for every one of them. */
export const MUTANTS: readonly Mutant[] = [
  ONE_SEND,
  BATCH_GIVEN_UP,
  ACKS_ONE,
  COMMIT_FIRST,
  FAILED_PART_COMMITTED,
  NO_UNIQUE_INDEX,
  WRITE_CONCERN_ONE,
  STORE_ERROR_SWALLOWED,
  UNORDERED_HANDLING,
  PAGING_BY_TIME_ALONE,
  DEAD_LETTER_NOT_AWAITED,
  RETRY_REORDERS,
  ...WEATHER_MUTANTS,
  ...LEADER_MUTANTS,
  ...CLOCK_MUTANTS,
];
