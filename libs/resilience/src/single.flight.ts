/**
 * Callers that come while a call is under way get the result of that call, also its failure. So any number of callers
 * have at most one call under way.
 */
export const singleFlight = <T>(call: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= call().finally(() => (underWay = undefined));
    return underWay;
  };
};
