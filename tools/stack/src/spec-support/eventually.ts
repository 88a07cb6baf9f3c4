/** Tries again until `attempt` does not throw. After `withinMs` it rejects with the last failure. */
export const eventually = async (attempt: () => Promise<void> | void, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** Waits until the condition holds. `what` states the condition in words, for the error after `withinMs`. */
export const until = (condition: () => boolean, what: string, withinMs = 40_000): Promise<void> =>
  eventually(() => {
    if (!condition()) throw new Error(`this did not become true within ${withinMs} ms: ${what}`);
  }, withinMs);
