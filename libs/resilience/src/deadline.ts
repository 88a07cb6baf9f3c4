/** Thrown when a call did not settle before its deadline. The work may still go on and may still succeed. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Settles as `work` does, or rejects with DeadlineError after `ms` milliseconds.
 * @param name the dependency that is called, for the text of the error
 */
export const withDeadline = async <T>(work: Promise<T>, ms: number, name: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`${name} did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
