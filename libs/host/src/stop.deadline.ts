/** The part of the time that work in hand has before connections are cut. The rest is for closing what the app holds. */
const WORK_SHARE = 0.8;

export interface StopSteps {
  /** @param workMs how long it may go on with work in hand, in milliseconds */
  stop: (workMs: number) => Promise<void>;
  /** Cuts what keeps the app from stopping: called after `workMs`. */
  cut: () => void;
  /** Called when the stop is not over in its whole time. */
  giveUp: () => void;
}

/** Stops within `stopMs` milliseconds. Rejects with the failure of the stop; resolves when its time is over. */
export const withinStopTime = async (stopMs: number, { stop, cut, giveUp }: StopSteps): Promise<void> => {
  const workMs = stopMs * WORK_SHARE;
  const over = Promise.withResolvers<void>();
  const cutTimer = setTimeout(cut, workMs);
  const overTimer = setTimeout(() => {
    giveUp();
    over.resolve();
  }, stopMs);
  try {
    await Promise.race([stop(workMs), over.promise]);
  } finally {
    clearTimeout(cutTimer);
    clearTimeout(overTimer);
  }
};
