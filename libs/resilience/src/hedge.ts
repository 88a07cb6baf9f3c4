/** How often work is started again while nothing settles. Data, so that it can be a setting. */
export interface HedgePolicy {
  type: 'hedge';
  /** Starts at most, at least 1. */
  starts: number;
  /** Between two starts, in milliseconds. */
  everyMs: number;
}

/**
 * Starts work again while none of the earlier starts has settled, and resolves to the first result. For servers of which
 * one may hang. Rejects with the last error when all that was started has failed.
 * Source: J. Dean, L. Barroso, "The Tail at Scale", 2013; for connections RFC 8305.
 * @param discard called with each result that comes later
 */
export const hedged = <T>(
  { starts, everyMs }: HedgePolicy,
  work: () => Promise<T>,
  discard: (late: T) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    let started = 0;
    let failed = 0;
    let isOver = false;
    const end = (settle: () => void) => {
      isOver = true;
      clearInterval(timer);
      settle();
    };
    const start = () => {
      started += 1;
      if (started >= starts) clearInterval(timer);
      work().then(
        (result) => (isOver ? discard(result) : end(() => resolve(result))),
        (error: unknown) => {
          failed += 1;
          if (!isOver && failed === started) end(() => reject(error as Error));
        },
      );
    };
    const timer = setInterval(start, everyMs);
    start();
  });
