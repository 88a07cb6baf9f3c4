/** A piece of code at a place in the workspace. Lint allows it; nothing is written to disk. */
export interface LintCase {
  /** What the code does, as a sentence. */
  readonly what: string;
  /** The path of the file that holds the code, from the root of the workspace. */
  readonly file: string;
  readonly code: string;
  /** Some rules need types. Only files on disk have types, so such code replaces the text of a file that exists. */
  readonly needsTypes?: true;
}

/** Code that lint must refuse. */
export interface Violation extends LintCase {
  /** Exactly these refusals, as `rule messageId`, sorted and joined by `, `. */
  readonly refusedBy: string;
}
