/** What Jest writes with `--json`, as far as it is read here. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

export interface JestRun {
  /** Null when Jest was killed. */
  code: number | null;
  /** Undefined when it wrote no results. */
  result: JestResult | undefined;
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const failedIn = ({ code, result }: JestRun): number => {
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  // A run that was killed, or that wrote no results, has failed, even when every test passed.
  const unfinished = code === null || !result ? 1 : 0;
  // Jest may find a reason of its own, for example a coverage that is too low.
  return failed + unfinished || (code === 0 ? 0 : 1);
};

/** The counts of several runs together. A run that ended with another code than 0 has at least one failure. */
export const countsOf = (runs: readonly JestRun[]): Counts => {
  const sumOf = (count: (run: JestRun) => number) => runs.reduce((sum, run) => sum + count(run), 0);
  return {
    passed: sumOf(({ result }) => result?.numPassedTests ?? 0),
    failed: sumOf(failedIn),
    skipped: sumOf(({ result }) => result?.numPendingTests ?? 0),
  };
};

/** `N passed, N failed`, the last line of `npm test`. */
export const summaryOf = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
