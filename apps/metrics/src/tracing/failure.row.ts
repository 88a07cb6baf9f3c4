/** While a server is away the same work fails for hours. Of its failures in a row the first ones get spans. */
const SHOWN_MAX = 3;

/** Which failures of repeated work get spans, and how often it was tried. */
export class FailureRow {
  private failures = 0;

  /** The number of the try that is under way, from 1. */
  get attempt(): number {
    return this.failures + 1;
  }

  /** @returns whether this failure gets spans */
  failed(): boolean {
    this.failures += 1;
    return this.failures <= SHOWN_MAX;
  }

  succeeded(): void {
    this.failures = 0;
  }
}

/** The class of an error, and of several errors that of the first: never a text of a server. */
export const errorName = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return errorName(error.errors[0]);
  return error instanceof Error ? error.name : typeof error;
};
