/** A change to the built text of one module of the product, made while it is loaded. */
export interface Patch {
  /** From the root of the repository: libs/kafka/dist/produce.lane.js, … */
  module: string;
  /** Stands in the module exactly once. */
  find: string;
  replace: string;
}

export interface Plant {
  name: string;
  patches: Patch[];
}

/** Thrown when a patch does not fit what it is made for: the module has changed, and the plant has to follow it. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/** @throws PatchError */
export const patched = (source: string, { module, find, replace }: Patch): string => {
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new PatchError(
      `${module} has ${times} times what a patch wants once; mend the patch that looks for:\n${find}`,
    );
  return source.replace(find, () => replace);
};
