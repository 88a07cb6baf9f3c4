export interface EventuallyOptions {
  /** Milliseconds; 30 s by default. */
  within?: number;
  /** Once it says true, a failure is the last: what is waited for can't come any more. */
  isHopeless?: () => boolean;
}

/**
 * Repeats a call until it does not throw; rejects with the failure of a call that began `within` milliseconds later or more.
 * So a machine that stands still during a call fails nothing: there is another call after the standstill.
 */
export const eventually = async <T>(
  attempt: () => Promise<T> | T,
  { within = 30_000, isHopeless = () => false }: EventuallyOptions = {},
): Promise<T> => {
  const until = performance.now() + within;
  for (;;) {
    const isLast = isHopeless() || performance.now() > until;
    try {
      return await attempt();
    } catch (error) {
      if (isLast) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 25));
    }
  }
};
