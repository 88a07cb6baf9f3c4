/**
 * A piece of code at a place in the workspace, and what is to refuse it: `rule messageId`, joined by commas where two
 * do. Without `refusedBy` it is allowed.
 */
export interface Planted {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly refusedBy?: string;
  /** Some rules need the types of the code; such code stands in for a file that exists, because only that has types. */
  readonly needsTypes?: true;
}
