/** Repeats a call until it does not throw; rejects with its last failure after `within` milliseconds. */
export const eventually = async <T>(attempt: () => Promise<T> | T, { within = 30_000 } = {}): Promise<T> => {
  const until = performance.now() + within;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 25));
    }
  }
};
