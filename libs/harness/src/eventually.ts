/** Tries until it does not throw; past `within` milliseconds rejects with the last failure. */
export const eventually = async <T>(attempt: () => Promise<T> | T, { within = 30_000 } = {}): Promise<T> => {
  const until = Date.now() + within;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 25));
    }
  }
};
