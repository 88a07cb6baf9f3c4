/** Tries again until `attempt` does not throw. It rejects with the failure of a try that began after `withinMs`. */
export const eventually = async (attempt: () => Promise<void> | void, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const isLast = performance.now() > deadline;
    try {
      return await attempt();
    } catch (error) {
      if (isLast) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** Waits until the condition holds. `what` states the condition in words, for the error after `withinMs`. */
export const until = (condition: () => boolean, what: string, withinMs = 40_000): Promise<void> =>
  eventually(() => {
    if (!condition()) throw new Error(`this did not become true within ${withinMs} ms: ${what}`);
  }, withinMs);
