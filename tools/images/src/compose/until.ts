const STEP_MS = 500;

/**
 * Asks again and again until an answer is wanted; each question starts a program, so it is not asked faster.
 * @returns that answer @throws Error with the last one when none is wanted `within` milliseconds
 */
export const until = async <T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, within: number): Promise<T> => {
  const deadline = performance.now() + within;
  for (;;) {
    const isLast = performance.now() > deadline;
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (isLast) throw new Error(`still so after ${within / 1000} s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
};
