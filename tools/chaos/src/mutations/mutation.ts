/** A change to the built text of one product module, made while an app loads the module. */
export interface Patch {
  /** The path from the root of the repository: one of PRODUCT_MODULES. */
  module: string;
  /** Occurs in the module exactly once. */
  find: string;
  replace: string;
}

export interface Mutation {
  name: string;
  patches: Patch[];
}

/** A mutation that breaks a promise of the product. */
export interface Mutant extends Mutation {
  /** What is wrong with this version of the product. */
  description: string;
  /** What the machine must have to show it. */
  needs?: 'clocks';
}

/** Thrown when a mutation is unknown, or when a patch does not match its module any more and must be updated. */
export class MutationError extends Error {
  override readonly name = 'MutationError';
}

export const patchesOf = (module: string, changes: [find: string, replace: string][]): Patch[] =>
  changes.map(([find, replace]) => ({ module, find, replace }));

/** @throws MutationError when the module does not contain the searched text exactly once */
export const applyPatch = (source: string, { module, find, replace }: Patch): string => {
  const count = source.split(find).length - 1;
  if (count !== 1)
    throw new MutationError(
      `${module} contains the searched text ${count} times instead of once; update the patch that searches for:\n${find}`,
    );
  // A function, because `$` in a replacement string has a meaning of its own.
  return source.replace(find, () => replace);
};
