import { DeadlineError, monotonicNow } from '@wiber/resilience';

/** A timer that is later than this tells that this process stood still, in milliseconds. */
const STANDSTILL_MS = 50;
/** How long an answer that came during a standstill may take to be read, in milliseconds; this often at most. */
const READ_MS = 250;
const READS_MAX = 8;

/**
 * As withDeadline, for an answer that this process may be too busy to read. When the event loop stood still as the deadline
 * passed, the answer may lie in the socket already: it gets a moment more, so that our own standstill is not taken for
 * MongoDB's.
 * @throws DeadlineError
 */
export const withAnswerDeadline = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = (waitMs: number, readsLeft: number) => {
      const due = monotonicNow() + waitMs;
      timer = setTimeout(() => {
        if (readsLeft > 0 && monotonicNow() - due > STANDSTILL_MS) wait(READ_MS, readsLeft - 1);
        else reject(new DeadlineError(`MongoDB did not answer within ${ms} ms`));
      }, waitMs);
    };
    wait(ms, READS_MAX);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
