/** How a demonstration ended. `not shown`: the cluster did not start, was not whole before the kill, or can't be read. */
export type Ending = 'held' | 'not held' | 'not shown';

export const endingOf = ({ held }: { held: boolean }): Ending => (held ? 'held' : 'not held');

/** 1 when one did not hold, whatever else happened; 2 when one could not be shown; 0 when all held. */
export const exitCodeOf = (endings: readonly Ending[]): number => {
  if (endings.includes('not held')) return 1;
  return endings.length === 0 || endings.includes('not shown') ? 2 : 0;
};
