import { ProblemError } from '@wiber/contracts';

/** The refusal of figures that no worker has written yet. */
export const statsPending = (topic: string): ProblemError =>
  new ProblemError('stats_pending', `no metrics worker has counted ${topic} yet; start apps/metrics`, {
    retryAfterS: 1,
  });
