import { BUGS } from './mutants.ts';
import { CRASH_POINTS } from './crash.mutation.ts';
import { PatchError, type Plant } from './mutation.ts';

/** Everything that can be planted: twelve bugs, and the points at which ingest can be made to die. */
export const PLANTS: readonly Plant[] = [...BUGS, CRASH_POINTS];

/** @throws PatchError when there is no such plant */
export const plantsNamed = (names: string): Plant[] =>
  names
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const plant = PLANTS.find((known) => known.name === name);
      if (plant) return plant;
      throw new PatchError(`there is no plant ${name}; there are ${PLANTS.map((known) => known.name).join(', ')}`);
    });
