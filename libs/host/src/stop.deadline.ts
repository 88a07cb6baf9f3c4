/** The part of the time that work in hand has. Then the app answers that what is left has not ended. */
const WORK_SHARE = 0.8;
/** The part after which connections are cut: later, so that these answers arrive. The rest is for closing what the app holds. */
const CUT_SHARE = 0.9;

export interface StopSteps {
  /** @param workMs how long it may go on with work in hand, in milliseconds; then it answers that the work has not ended */
  stop: (workMs: number) => Promise<void>;
  /** Cuts what keeps the app from stopping: called a while after `workMs`, so that answers of that moment arrive. */
  cut: () => void;
  /** Called when the stop is not over in its whole time. */
  giveUp: () => void;
}

/** Stops within `stopMs` milliseconds. Rejects with the failure of the stop; resolves when its time is over. */
export const withinStopTime = async (stopMs: number, { stop, cut, giveUp }: StopSteps): Promise<void> => {
  const workMs = stopMs * WORK_SHARE;
  const over = Promise.withResolvers<void>();
  const cutTimer = setTimeout(cut, stopMs * CUT_SHARE);
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
