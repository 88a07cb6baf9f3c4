import { CRASH_POINTS } from './crash.mutation.ts';
import { MUTANTS } from './mutants.ts';
import { MutationError, type Mutation } from './mutation.ts';

/** All mutations that an app can load: the mutants, and the points at which ingest can be told to crash. */
export const MUTATIONS: readonly Mutation[] = [...MUTANTS, CRASH_POINTS];

/**
 * @param names joined with commas
 * @throws MutationError for an unknown name
 */
export const mutationsNamed = (names: string): Mutation[] =>
  names
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const mutation = MUTATIONS.find((known) => known.name === name);
      if (mutation) return mutation;
      const known = MUTATIONS.map((known) => known.name).join(', ');
      throw new MutationError(`there is no mutation ${name}; there are ${known}`);
    });
